// SPDX-License-Identifier: Apache-2.0
// What a pyramid was made from, and how: kept beside its slabs, so that it can be brought up to date.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/build/builder.hpp"

namespace ardoise {

/// Everything that decides over a product's bytes: same recipe, same slabs.
Json recipe_of(Product const& product, PreparedBuild const& prepared);

} // namespace ardoise
