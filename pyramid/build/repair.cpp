// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/repair.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/recipe.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// The sources that the patches are made from must be what they were; what others have become does not
/// matter.
void check_sources(PreparedBuild const& prepared, std::vector<TileIndex> const& patches)
{
    auto const records = sources_under(prepared, patches);
    std::vector<fs::path> files;
    for (auto const& record : records)
        files.push_back(record.source.file);
    auto const now = describe_sources(files, prepared.options.source, records, threads_of(prepared.options));
    for (std::size_t i = 0; i < now.size(); ++i)
        if (!(now[i] == records[i]))
            fail("{}: is no longer what the pyramid was made from; run `ardoise update` instead",
                 files[i].string());
}

std::size_t level_number(BuildPlan const& plan, std::string const& id)
{
    for (std::size_t level = 0; level < plan.levels.size(); ++level)
        if (plan.set->matrices[plan.levels[level].matrix].id == id)
            return level;
    fail("the pyramid has no level {}", id);
}

/// Patches from which every tile of the slab comes anew: all those under it; in the crown one below each of
/// its tiles, as the rest of what they are made from stands.
std::vector<TileIndex> patches_for(BuildPlan const& plan, SlabName const& name)
{
    auto const level = level_number(plan, name.level);
    TileIndex const first{name.slab.col * plan.slab_width, name.slab.row * plan.slab_height};
    TileRange const tiles{first, {first.col + plan.slab_width, first.row + plan.slab_height}};
    std::vector<TileIndex> patches;
    std::set<TileIndex> covered;
    for (auto const& patch : plan.patches) {
        if (level >= plan.root_level()) {
            if (!intersect(plan.tiles_of(patch, level), tiles).empty())
                patches.push_back(patch);
            continue;
        }
        auto const steps = plan.root_level() - level;
        TileIndex const ancestor{patch.col >> steps, patch.row >> steps};
        if (tiles.contains(ancestor) && covered.insert(ancestor).second)
            patches.push_back(patch);
    }
    return patches;
}

void put_in_place(fs::path const& folder, SlabChecksum const& made, fs::path const& to)
{
    AtomicFile file{to / made.slab, folder};
    file.write(MappedFile{folder / made.slab}.bytes());
    file.publish();
}

fs::path store_of(Pyramid const& pyramid)
{
    auto const around = pyramid.folder.parent_path();
    return pyramid.revision > 1 ? around.parent_path() : around;
}

} // namespace

std::vector<SlabChecksum> repair(Pyramid const& pyramid, std::vector<SlabChecksum> const& damaged,
                                 TileMatrixSetLibrary const& sets, unsigned jobs, std::uint64_t memory,
                                 BuildProgress const& on_progress)
{
    auto recipe = read_recipe(pyramid, store_of(pyramid));
    recipe.options.jobs = jobs;
    recipe.options.memory = memory;
    auto const prepared = prepare_sources(std::move(recipe.options), sets, std::move(recipe.sources));

    std::set<std::pair<std::uint64_t, TileIndex>> in_order;
    for (auto const& file : damaged)
        if (auto const name = parse_slab_name(file.slab))
            for (auto const& patch : patches_for(prepared.plan, *name))
                in_order.emplace(morton(patch), patch);
    std::vector<TileIndex> patches;
    for (auto const& [place, patch] : in_order)
        patches.push_back(patch);

    check_sources(prepared, patches);
    auto sound = read_checksums(pyramid.folder / checksums_file_name);
    std::set<std::string> untrusted;
    for (auto const& file : damaged)
        untrusted.insert(file.slab);
    std::erase_if(sound, [&](auto const& file) { return untrusted.contains(file.slab); });
    ProductBuilders products;
    products.push_back(std::make_unique<ProductBuilder>(
        prepared.options.products.front(), prepared,
        BuildScope{.patches = patches,
                   .standing = std::make_shared<StandingPyramid const>(pyramid, sound),
                   .revision = pyramid.revision}));
    bake_patches(prepared, patches, products, on_progress);

    std::vector<SlabChecksum> beyond;
    std::map<std::string, SlabChecksum> made;
    for (auto& file : products.front()->files())
        made.emplace(file.slab, file);
    for (auto const& file : damaged)
        if (auto const found = made.find(file.slab); found != made.end() && found->second == file)
            put_in_place(products.front()->folder(), file, pyramid.folder);
        else
            beyond.push_back(file);
    products.front()->keep(false); // what was made to repair is of no further use
    return beyond;
}

void clear_after_repair(Pyramid const& pyramid)
{
    auto const store = store_of(pyramid);
    auto const left = unpublished_folder(store, pyramid.name);
    auto const work = recipe_text(left), own = recipe_text(pyramid.folder);
    std::error_code ignored;
    bool const is_of_an_update = !work.empty() && work != own;
    if (fs::exists(left, ignored) && !is_of_an_update)
        PyramidWriter{store, pyramid, own}.keep(false);
}

} // namespace ardoise
