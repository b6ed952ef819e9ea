// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/builder.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/memory_budget.hpp"
#include "pyramid/sources/source_files.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <algorithm>
#include <set>
#include <thread>

namespace ardoise {

namespace {

/// Indices have no mean, and are no colours: they are kept where nothing is mixed and one band is asked for.
PaletteSamples palette_samples(BuildOptions const& options)
{
    bool const one_band = std::all_of(options.products.begin(), options.products.end(),
                                      [](Product const& product) { return product.bands.size() == 1; });
    return kernel_of(options.resampling) == Resampling::near && one_band ? PaletteSamples::indices
                                                                         : PaletteSamples::colours;
}

void check_alike(std::vector<SourceRecord> const& records)
{
    auto const& first = records.front().source;
    for (auto const& record : records) {
        auto const& source = record.source;
        if (source.bands != first.bands)
            fail("{}: has {} bands where {} has {}; build each delivery as a pyramid of its own",
                 source.file.string(), source.bands, first.file.string(), first.bands);
        if (source.type != first.type)
            fail("{}: has samples of {} bytes where {} has {}; build each delivery as a pyramid of its own",
                 source.file.string(), bytes_per_sample(source.type), first.file.string(),
                 bytes_per_sample(first.type));
    }
}

void complete(Product& product, Source const& first)
{
    if (product.bands.empty())
        product.bands = first.bands >= 3 ? std::vector{1, 2, 3} : std::vector{1};
    for (int const band : product.bands)
        if (band > first.bands)
            fail("the product {} asks for band {}, but {} has {}, and bands of several files cannot be put "
                 "together: where infrared came in files of its own, make two builds, one from the files "
                 "of each delivery",
                 product.name, band, first.file.string(), first.bands);
    if (product.format.empty())
        product.format = first.type == SampleType::uint8 && product.bands.size() == 3 ? "jpg" : "zip";
}

bool is_taken(Product const& product, BuildOptions const& options)
{
    return is_there(descriptor_file(options.store, product.name));
}

void check_names(BuildOptions const& options)
{
    std::set<std::string> names;
    for (auto const& product : options.products) {
        check_name(product.name);
        if (!names.insert(product.name).second)
            fail("two products are called {}", product.name);
    }
    bool const all_are_taken = std::all_of(options.products.begin(), options.products.end(),
                                           [&](auto const& product) { return is_taken(product, options); });
    if (all_are_taken)
        refuse_taken_name(options.store, options.products.front().name);
}

/// What is published already must be what this very build makes: it was killed between one product and the
/// next.
void check_published(PreparedBuild const& prepared)
{
    auto const& options = prepared.options;
    for (auto const& product : options.products)
        if (is_taken(product, options) && !is_published(product, prepared))
            refuse_taken_name(options.store, product.name);
}

std::vector<int> union_of_bands(std::vector<Product> const& products)
{
    std::set<int> bands;
    for (auto const& product : products)
        bands.insert(product.bands.begin(), product.bands.end());
    return {bands.begin(), bands.end()};
}

} // namespace

unsigned threads_of(BuildOptions const& options)
{
    return options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
}

PreparedBuild prepare_sources(BuildOptions options, TileMatrixSetLibrary const& sets,
                              std::vector<SourceRecord> sources)
{
    auto const set = sets.get(options.tile_matrix_set);
    check_alike(sources);
    for (auto& product : options.products)
        complete(product, sources.front().source);
    PreparedBuild prepared{
        .options = std::move(options), .sources = std::move(sources), .mosaics = {}, .bands = {}, .plan = {}};
    prepared.type = prepared.sources.front().source.type;
    prepared.bands = union_of_bands(prepared.options.products);
    if (prepared.bands.size() > 4)
        fail("the products need {} bands together, and at most 4 are read at once; build them one after the "
             "other",
             prepared.bands.size());
    std::vector<Source> described;
    for (auto const& record : prepared.sources)
        described.push_back(record.source);
    prepared.mosaics = Mosaics{group_by_grid(std::move(described))};
    prepared.plan = make_plan(prepared.mosaics.all(), set, prepared.options);
    if (auto const nodata = prepared.options.source.nodata; nodata && !can_hold(prepared.type, *nodata))
        fail("--nodata {} is no value that the sources' samples can have", *nodata);
    for (auto const& product : prepared.options.products)
        storage_format(product, prepared.type); // says what is wrong before anything is written
    MemoryBudget::of(prepared);
    return prepared;
}

PreparedBuild prepare_build(BuildOptions options, TileMatrixSetLibrary const& sets)
{
    check_names(options);
    sets.get(options.tile_matrix_set); // said before thousands of files are opened
    options.source.palette = palette_samples(options);
    auto records =
        describe_sources(find_source_files(options.sources), options.source, {}, threads_of(options));
    auto prepared = prepare_sources(std::move(options), sets, std::move(records));
    check_published(prepared);
    return prepared;
}

BuildReport build(PreparedBuild const& prepared, BuildProgress const& on_progress)
{
    auto const& plan = prepared.plan;
    auto const products = builders_for(prepared, BuildScope{plan.patches});
    auto const effort = bake_patches(prepared, plan.patches, products, on_progress);
    return publish_all(prepared, products, effort);
}

} // namespace ardoise
