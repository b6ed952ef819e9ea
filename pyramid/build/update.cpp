// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/update.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/recipe.hpp"
#include "pyramid/build/report/report.hpp"
#include "pyramid/sources/source_files.hpp"
#include "pyramid/store/revisions.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

fs::path store_of(fs::path const& descriptor)
{
    return fs::absolute(descriptor).parent_path();
}

/// Those of the named sources that are there; the others are forgotten, or a failure.
std::vector<std::string> named_sources(Recipe const& recipe, UpdateOptions const& options)
{
    std::vector<std::string> named;
    for (auto const& source : recipe.options.sources)
        if (leads_to_something(source))
            named.push_back(source);
        else if (!options.forget_missing)
            fail("{}: {}; mount it, or say --forget-missing to take its pixels out of {}", source,
                 is_there(source) ? "holds no image any more" : "is not there any more",
                 options.descriptor.string());
    for (auto const& source : options.more_sources) {
        auto const absolute = fs::absolute(source).lexically_normal().string();
        if (std::find(named.begin(), named.end(), absolute) == named.end())
            named.push_back(absolute);
    }
    return named;
}

/// Counts what came, changed and went, and gathers the ground that all of it lies on.
std::vector<Source> compare(std::vector<SourceRecord> const& before, std::vector<SourceRecord> const& now,
                            PreparedUpdate& prepared)
{
    std::map<fs::path, SourceRecord const*> old_ones;
    for (auto const& record : before)
        old_ones.emplace(record.source.file, &record);
    std::vector<Source> touched;
    for (auto const& record : now) {
        auto const old_one = old_ones.find(record.source.file);
        if (old_one == old_ones.end()) {
            ++prepared.added;
            touched.push_back(record.source);
            continue;
        }
        if (!(*old_one->second == record)) {
            ++prepared.replaced;
            touched.push_back(old_one->second->source);
            touched.push_back(record.source);
        }
        old_ones.erase(old_one);
    }
    for (auto const& [file, record] : old_ones) {
        ++prepared.removed;
        touched.push_back(record->source);
    }
    return touched;
}

std::map<fs::path, std::array<double, 4>> grids_of(std::vector<Mosaic> const& mosaics)
{
    std::map<fs::path, std::array<double, 4>> grids;
    for (auto const& mosaic : mosaics)
        for (auto const& source : mosaic.sources())
            grids[source.file] = {mosaic.left(), mosaic.top(), mosaic.pixel_width(), mosaic.pixel_height()};
    return grids;
}

/// Grids that differ by less than a thousandth of a pixel are one as long as there is a source between them:
/// one that comes or goes may move others to another grid, by as little.
void add_regrouped(std::vector<SourceRecord> const& before, std::vector<Mosaic> const& mosaics,
                   std::vector<Source>& touched)
{
    std::vector<Source> old_sources;
    for (auto const& record : before)
        old_sources.push_back(record.source);
    auto const old_grids = grids_of(group_by_grid(std::move(old_sources)));
    auto const grids = grids_of(mosaics);
    for (auto const& mosaic : mosaics)
        for (auto const& source : mosaic.sources())
            if (auto const old_grid = old_grids.find(source.file);
                old_grid != old_grids.end() && old_grid->second != grids.at(source.file))
                touched.push_back(source);
}

/// Writes the list of what changed beside the slabs, all of which are there.
void list_changes(PreparedUpdate const& prepared, ProductBuilder const& product, UpdateReport& report)
{
    auto after = product.pyramid();
    after.folder = product.folder();
    report.changed = changed_tiles(prepared.before, after, product.files());
    report.change_list =
        write_change_list(after.folder, prepared.before.folder, report.changed, prepared.options.change_list);
}

Pyramid read_published(PreparedUpdate const& prepared)
{
    TileMatrixSetLibrary const sets{{store_of(prepared.options.descriptor) / "tilematrixsets"}};
    return read_pyramid(prepared.options.descriptor, sets);
}

/// Nobody publishes any more, as this process holds the lock: but somebody may have, before.
void check_unreplaced(PreparedUpdate const& prepared)
{
    if (read_published(prepared).revision != prepared.before.revision)
        fail("{}: was updated by another process meanwhile; run the command again",
             prepared.options.descriptor.string());
}

} // namespace

PreparedUpdate prepare_update(UpdateOptions options, TileMatrixSetLibrary const& sets)
{
    auto const store = store_of(options.descriptor);
    PreparedUpdate prepared{
        .options = std::move(options), .before = {}, .build = {}, .patches = {}, .revision = 2};
    prepared.before = read_pyramid(prepared.options.descriptor, sets);
    auto recipe = read_recipe(prepared.before, store);
    recipe.options.sources = named_sources(recipe, prepared.options);
    recipe.options.jobs = prepared.options.jobs;
    recipe.options.memory = prepared.options.memory;
    if (recipe.options.sources.empty())
        fail("{}: none of its sources is left; take the pyramid away with `ardoise remove {}` instead",
             prepared.options.descriptor.string(), prepared.options.descriptor.string());
    auto records = describe_sources(find_source_files(recipe.options.sources), recipe.options.source,
                                    recipe.sources, threads_of(recipe.options));
    auto touched = compare(recipe.sources, records, prepared);
    prepared.build = prepare_sources(std::move(recipe.options), sets, std::move(records));
    add_regrouped(recipe.sources, prepared.build.mosaics.all(), touched);
    for (auto const& source : touched)
        for (auto const& patch :
             patches_under(prepared.build.plan, source, prepared.build.options.resampling))
            prepared.patches.push_back(patch);
    prepared.patches = in_order(std::move(prepared.patches));
    prepared.revision = next_revision(store, prepared.before.name, prepared.before.revision);
    return prepared;
}

UpdateReport update(PreparedUpdate const& prepared, BuildProgress const& on_progress)
{
    auto const store = store_of(prepared.options.descriptor);
    ProductBuilders products;
    products.push_back(std::make_unique<ProductBuilder>(
        prepared.build.options.products.front(), prepared.build,
        BuildScope{.patches = prepared.patches,
                   .standing = std::make_shared<StandingPyramid const>(prepared.before),
                   .revision = prepared.revision,
                   .piece = std::nullopt}));
    check_unreplaced(prepared);
    auto& product = *products.front();
    auto const effort = bake_patches(prepared.build, prepared.patches, products, on_progress);
    UpdateReport report;
    auto const published = product.publish([&] {
        report.facts = write_report(product, prepared.build, effort);
        list_changes(prepared, product, report);
    });
    report.slabs = published.slabs;
    report.bytes = published.bytes;
    remove_old_revisions(store, prepared.before.name, prepared.before.revision, prepared.revision,
                         prepared.options.keep);
    settle_change_list(prepared.before.folder); // the new revision's list has taken it in
    report.published = read_published(prepared);
    return report;
}

std::vector<ChangedTile> last_change_list(PreparedUpdate const& prepared)
{
    PyramidLock const lock{store_of(prepared.options.descriptor), prepared.before.name};
    check_unreplaced(prepared);
    return change_list_of(prepared.before);
}

} // namespace ardoise
