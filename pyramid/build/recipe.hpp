// SPDX-License-Identifier: Apache-2.0
// What a pyramid was made from, and how: kept beside its slabs, so that it can be brought up to date.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/store/pyramid.hpp"

namespace ardoise {

/// A build as it can be written down: its options pin the levels that were chosen.
struct Recipe {
    BuildOptions options;
    std::vector<SourceRecord> sources;
};

/// Everything that decides over a product's bytes, and the sources as they were named: same recipe, same
/// slabs. The text of recipe.json.
std::string recipe_of(Product const& product, PreparedBuild const& prepared);
/// The recipe of a published pyramid. Throws Failure when it has none (another program built it), or when it
/// is not what it should be.
Recipe read_recipe(Pyramid const& pyramid, std::filesystem::path const& store);

/// The same for all products of a build.
Json to_json(PreparedBuild const& prepared);
/// The store is not part of it.
Recipe read_recipe(JsonReader const& json);

} // namespace ardoise
