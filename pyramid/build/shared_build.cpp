// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/shared_build.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json_path.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/recipe.hpp"

#include <algorithm>

namespace ardoise {

namespace {

std::string missing_pieces(SharedBuild const& build, ProductBuilders const& products)
{
    std::string missing;
    for (std::size_t piece = 0; piece < build.pieces; ++piece) {
        auto const patches = build.patches_of(piece);
        bool const whole = std::all_of(patches.begin(), patches.end(), [&](TileIndex patch) {
            return std::all_of(products.begin(), products.end(),
                               [&](auto const& product) { return product->done().contains(patch); });
        });
        if (!whole)
            missing += (missing.empty() ? "" : ", ") + std::to_string(piece);
    }
    return missing;
}

} // namespace

std::vector<TileIndex> SharedBuild::patches_of(std::size_t piece) const
{
    auto const& patches = prepared.plan.patches;
    auto const at = [&](std::size_t number) {
        return patches.begin() + static_cast<std::ptrdiff_t>(patches.size() * number / pieces);
    };
    return {at(piece), at(piece + 1)};
}

void write_plan(std::filesystem::path const& file, SharedBuild& build)
{
    build.pieces = std::min(build.pieces, build.prepared.plan.patches.size());
    for (auto const& product : builders_for(build.prepared, BuildScope{build.prepared.plan.patches}))
        product->keep();
    auto plan = to_json(build.prepared);
    plan.set("store", path_json(std::filesystem::absolute(build.prepared.options.store).lexically_normal()));
    plan.set("pieces", static_cast<std::int64_t>(build.pieces));
    write_atomically(file, plan.text());
}

SharedBuild read_plan(std::filesystem::path const& file)
{
    auto const document = read_json(file);
    JsonReader const json{document, file.string()};
    auto recipe = read_recipe(json);
    recipe.options.store = read_path(json.at("store"));
    TileMatrixSetLibrary const sets{{recipe.options.store / "tilematrixsets"}};
    SharedBuild build{prepare_sources(std::move(recipe.options), sets, std::move(recipe.sources)), 1};
    build.pieces = static_cast<std::size_t>(
        json.at("pieces").integer(1, static_cast<std::int64_t>(build.prepared.plan.patches.size())));
    return build;
}

void work(SharedBuild const& build, std::size_t piece, BuildProgress const& on_progress)
{
    auto const patches = build.patches_of(piece);
    auto const products = builders_for(build.prepared, BuildScope{.patches = patches, .piece = piece});
    if (products.empty())
        fail("all that was planned is published already; run `ardoise plan` again for something new");
    bake_patches(build.prepared, patches, products, on_progress);
}

BuildReport finish(SharedBuild const& build)
{
    auto const products = builders_for(build.prepared, BuildScope{build.prepared.plan.patches});
    if (auto const missing = missing_pieces(build, products); !missing.empty())
        fail("pieces {} are not done yet; run `ardoise work PLAN --piece N` for each of them", missing);
    return publish_all(build.prepared, products, std::nullopt);
}

} // namespace ardoise
