// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/shared_build.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json_path.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/recipe.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <algorithm>
#include <span>

namespace ardoise {

namespace {

std::string missing_pieces(SharedBuild const& build, ProductBuilders const& products)
{
    std::string missing;
    for (std::size_t piece = 0; piece < build.pieces; ++piece) {
        auto const patches = build.patches_of(piece);
        bool const whole = std::all_of(patches.begin(), patches.end(), [&](Patch const& patch) {
            return std::all_of(products.begin(), products.end(),
                               [&](auto const& product) { return product->done().contains(patch); });
        });
        if (!whole)
            missing += (missing.empty() ? "" : ", ") + std::to_string(piece);
    }
    return missing;
}

/// The patches of one quadtree, which follow one another.
std::span<Patch const> patches_in(BuildPlan const& plan, std::size_t quadtree)
{
    auto const found = std::ranges::equal_range(plan.patches, quadtree, {}, &Patch::quadtree);
    return {found.begin(), found.end()};
}

/// The ground under a patch of the quadtree: what reading its sources takes, more or less.
double ground_under(BuildPlan const& plan, Quadtree const& quadtree)
{
    double const side = plan.matrix(quadtree.base_level).cell_size * quadtree.patch_side /
                        (plan.matrix(plan.finest().base_level).cell_size * plan.finest().patch_side);
    return side * side;
}

double ground_under_all(BuildPlan const& plan)
{
    double ground = 0;
    for (std::size_t i = 0; i < plan.quadtrees.size(); ++i)
        ground += static_cast<double>(patches_in(plan, i).size()) * ground_under(plan, plan.quadtrees[i]);
    return ground;
}

/// How many of the patches, from the first one on, lie on so much ground.
std::size_t patches_on(BuildPlan const& plan, double ground)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < plan.quadtrees.size(); ++i) {
        auto const all = patches_in(plan, i).size();
        double const each = ground_under(plan, plan.quadtrees[i]);
        auto const some = std::min(all, static_cast<std::size_t>(ground / each));
        count += some;
        if (some < all)
            break;
        ground = std::max(0.0, ground - static_cast<double>(all) * each);
    }
    return count;
}

} // namespace

std::vector<Patch> SharedBuild::patches_of(std::size_t piece) const
{
    auto const& plan = prepared.plan;
    auto const at = [&](std::size_t number) {
        auto const share = ground_under_all(plan) * static_cast<double>(number) / static_cast<double>(pieces);
        auto const before = number == pieces ? plan.patches.size() : patches_on(plan, share);
        return plan.patches.begin() + static_cast<std::ptrdiff_t>(before);
    };
    return {at(piece), at(piece + 1)};
}

void write_plan(std::filesystem::path const& file, SharedBuild& build)
{
    build.pieces = std::min(build.pieces, build.prepared.plan.patches.size());
    for (auto const& product : builders_for(build.prepared, BuildScope{build.prepared.plan.patches})) {
        product->keep();
        publish_set(build.prepared.options.store, *build.prepared.plan.set, product->folder());
    }
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
