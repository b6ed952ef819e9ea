// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/repair.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/log.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/recipe.hpp"
#include "pyramid/store/revisions.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

fs::path store_of(Pyramid const& pyramid)
{
    auto const around = pyramid.folder.parent_path();
    return pyramid.revision > 1 ? around.parent_path() : around;
}

struct Revision {
    fs::path folder;
    std::map<std::string, SlabChecksum> files; // by name; none where its checksums cannot be read
};

Revision revision_in(fs::path const& folder)
{
    Revision revision{folder, {}};
    try {
        for (auto& file : read_checksums(folder / checksums_file_name))
            revision.files.emplace(file.slab, file);
    } catch (Failure const&) {
        revision.files.clear();
    }
    return revision;
}

/// The sources that the patches are made from must be what they were; what others have become does not
/// matter.
void check_sources(PreparedBuild const& prepared, std::vector<Patch> const& patches)
{
    auto const records = sources_under(prepared, patches);
    std::vector<fs::path> files;
    for (auto const& record : records)
        files.push_back(record.source.file);
    auto const now = describe_sources(files, prepared.options.source, records, threads_of(prepared.options));
    for (std::size_t i = 0; i < now.size(); ++i)
        if (!(now[i] == records[i]))
            fail("{}: is no longer what the pyramid was made from; run `ardoise update` instead, or, "
                 "where that meets the damage as well, build the pyramid anew",
                 files[i].string());
}

std::size_t level_number(BuildPlan const& plan, std::string const& id)
{
    for (std::size_t level = 0; level < plan.levels.size(); ++level)
        if (plan.matrix(level).id == id)
            return level;
    fail("the pyramid has no level {}", id);
}

/// Finds the patches of a plan by what lies above or below them, however many there are.
class PatchIndex {
public:
    explicit PatchIndex(BuildPlan const& plan);

    /// Patches from which every tile of the slab comes anew: all those under it; in the crown one below each
    /// of its tiles, as the rest of what they are made from stands.
    std::vector<Patch> patches_for(SlabName const& name) const;

private:
    BuildPlan const& plan_;
    std::vector<std::map<TileIndex, Patch>> first_below_; // a tile, at the level of the roots or in the crown
};

PatchIndex::PatchIndex(BuildPlan const& plan) : plan_{plan}, first_below_(plan.levels.size())
{
    for (auto const& patch : plan.patches) {
        auto const& quadtree = plan.quadtree_of(patch);
        for (auto level = quadtree.top_level; level <= quadtree.root_level; ++level) {
            auto const steps = quadtree.root_level - level;
            first_below_[level].emplace(TileIndex{patch.place.col >> steps, patch.place.row >> steps}, patch);
        }
    }
}

std::vector<Patch> PatchIndex::patches_for(SlabName const& name) const
{
    auto const level = level_number(plan_, name.level);
    auto const& quadtree = plan_.quadtree_of(level);
    bool const is_of_crown = level < quadtree.root_level;
    auto const tiles = tiles_of_block(name.slab, plan_.slab_width, plan_.slab_height);
    auto const across = is_of_crown ? 1 : quadtree.tiles_across(level);
    auto const places = blocks_of(tiles, across, across);
    auto const& below = first_below_[std::min(level, quadtree.root_level)];
    std::vector<Patch> patches;
    for (auto row = places.first.row; row < places.last.row; ++row)
        for (auto col = places.first.col; col < places.last.col; ++col)
            if (auto const found = below.find({col, row});
                found != below.end() &&
                (is_of_crown || !intersect(plan_.tiles_of(found->second, level), tiles).empty()))
                patches.push_back(found->second);
    return patches;
}

bool is_sound(fs::path const& file, SlabChecksum const& expected)
try {
    MappedFile const mapped{file};
    return mapped.bytes().size() == expected.bytes && hash_of(mapped.bytes()) == expected.hash;
} catch (Failure const&) {
    return false;
}

void copy_into_place(fs::path const& made, fs::path const& place, fs::path const& scratch)
{
    AtomicFile file{place, scratch};
    file.write(MappedFile{made}.bytes());
    file.publish();
}

/// All places share one file, where hard links can be made. `scratch`: a folder that is cleared after a kill.
void put_in_place(fs::path const& made, fs::path const& place, fs::path const& scratch)
{
    auto const beside = scratch / "mended";
    std::error_code trouble;
    fs::remove(beside, trouble);
    fs::create_hard_link(made, beside, trouble);
    if (trouble) {
        copy_into_place(made, place, scratch);
        return;
    }
    make_folder(place.parent_path());
    fs::rename(beside, place, trouble);
    if (trouble)
        fail("{}: cannot take its name: {}", place.string(), trouble.message());
    flush_folder(place.parent_path());
}

/// All revisions; the pyramid's own comes last, so that a repair that is killed is seen to be wanted still.
std::vector<Revision> revisions_to_mend(Pyramid const& pyramid)
{
    std::vector<Revision> revisions;
    for (auto const number : revisions_of(store_of(pyramid), pyramid.name))
        if (number != pyramid.revision)
            revisions.push_back(revision_in(store_of(pyramid) / revision_folder(pyramid.name, number)));
    revisions.push_back(revision_in(pyramid.folder));
    return revisions;
}

void mend(std::vector<Revision> const& revisions, SlabChecksum const& file, fs::path const& scratch)
{
    for (auto const& revision : revisions)
        if (auto const same = revision.files.find(file.slab); same != revision.files.end() &&
                                                              same->second == file &&
                                                              !is_sound(revision.folder / file.slab, file))
            put_in_place(scratch / file.slab, revision.folder / file.slab, scratch);
}

/// Returns those that did not come out as they were published.
std::vector<SlabChecksum> mend(Pyramid const& pyramid, std::vector<SlabChecksum> const& damaged,
                               ProductBuilder const& product)
{
    std::map<std::string, SlabChecksum> made;
    for (auto& file : product.files())
        made.emplace(file.slab, file);
    flush_file_system(product.folder());
    auto const revisions = revisions_to_mend(pyramid);
    std::vector<SlabChecksum> beyond;
    for (auto const& file : damaged)
        if (auto const found = made.find(file.slab); found != made.end() && found->second == file)
            mend(revisions, file, product.folder());
        else
            beyond.push_back(file);
    return beyond;
}

std::vector<Patch> patches_for(BuildPlan const& plan, std::vector<SlabChecksum> const& damaged)
{
    PatchIndex const index{plan};
    std::set<Patch> patches;
    for (auto const& file : damaged)
        if (auto const name = parse_slab_name(file.slab))
            for (auto const& patch : index.patches_for(*name))
                patches.insert(patch);
    return in_order({patches.begin(), patches.end()});
}

/// What can be trusted of the pyramid.
std::shared_ptr<StandingPyramid const> all_but(std::vector<SlabChecksum> const& damaged,
                                               Pyramid const& pyramid)
{
    auto sound = read_checksums(pyramid.folder / checksums_file_name);
    std::set<std::string> untrusted;
    for (auto const& file : damaged)
        untrusted.insert(file.slab);
    std::erase_if(sound, [&](auto const& file) { return untrusted.contains(file.slab); });
    return std::make_shared<StandingPyramid const>(pyramid, sound);
}

/// Slabs that were mended are other files. A server that looks at descriptors opens them anew.
void show_to_servers(Pyramid const& pyramid)
{
    auto const descriptor = descriptor_file(store_of(pyramid), pyramid.name);
    std::error_code trouble;
    fs::last_write_time(descriptor, fs::file_time_type::clock::now(), trouble);
    if (trouble)
        log(LogLevel::warning, "running servers keep the slabs as they were until SIGHUP tells them",
            {{"file", descriptor.string()}, {"reason", trouble.message()}});
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
    auto const patches = patches_for(prepared.plan, damaged);
    check_sources(prepared, patches);
    ProductBuilders products;
    products.push_back(std::make_unique<ProductBuilder>(prepared.options.products.front(), prepared,
                                                        BuildScope{.patches = patches,
                                                                   .standing = all_but(damaged, pyramid),
                                                                   .revision = pyramid.revision,
                                                                   .purpose = Purpose::repair}));
    if (!is_named(store_of(pyramid), pyramid.name, pyramid.revision))
        fail("{}: was replaced by another revision meanwhile; run the command again",
             pyramid.folder.string());
    bake_patches(prepared, patches, products, on_progress);
    auto beyond = mend(pyramid, damaged, *products.front());
    show_to_servers(pyramid);
    products.front()->keep(false); // what was made to repair is of no further use
    return beyond;
}

void clear_after_repair(Pyramid const& pyramid)
{
    auto const left = repair_folder(store_of(pyramid), pyramid.name);
    if (!is_there(left))
        return;
    PyramidLock const lock{store_of(pyramid), pyramid.name};
    std::error_code ignored;
    fs::remove_all(left, ignored);
}

} // namespace ardoise
