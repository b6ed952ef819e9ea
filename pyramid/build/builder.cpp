// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/builder.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/build/patch_baker.hpp"
#include "pyramid/build/product_builder.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace ardoise {

namespace {

std::vector<Source> describe_all(BuildOptions const& options)
{
    std::vector<Source> sources;
    for (auto const& file : find_source_files(options.sources))
        sources.push_back(describe_source(file, options.source));
    auto const& first = sources.front();
    for (auto const& source : sources) {
        if (source.palette && options.resampling != Resampling::near)
            fail("{}: has a palette, whose indices have no mean; expand it with gdal_translate -expand rgb, "
                 "or keep the "
                 "indices with --resampling near",
                 source.file.string());
        if (source.bands != first.bands)
            fail("{}: has {} bands where {} has {}; build them as pyramids of their own",
                 source.file.string(), source.bands, first.file.string(), first.bands);
        if (source.type != first.type)
            fail("{}: has samples of {} bytes where {} has {}; build them as pyramids of their own",
                 source.file.string(), bytes_per_sample(source.type), first.file.string(),
                 bytes_per_sample(first.type));
    }
    return sources;
}

void complete(Product& product, Source const& first)
{
    if (product.bands.empty())
        product.bands = first.bands >= 3 ? std::vector{1, 2, 3} : std::vector{1};
    for (int const band : product.bands)
        if (band > first.bands)
            fail("the product {} asks for band {}, but {} has {}", product.name, band, first.file.string(),
                 first.bands);
    if (product.format.empty())
        product.format = first.type == SampleType::uint8 && product.bands.size() == 3 ? "jpg" : "zip";
}

void check_names(BuildOptions const& options)
{
    std::set<std::string> names;
    for (auto const& product : options.products) {
        if (!is_plain_name(product.name) || product.name == "tilematrixsets")
            fail("the name \"{}\" will not do for a pyramid; use letters, digits, '_', '-' and '.'",
                 product.name);
        if (!names.insert(product.name).second)
            fail("two products are called {}", product.name);
        std::error_code ignored;
        auto const descriptor = options.store / (product.name + ".json");
        if (std::filesystem::exists(descriptor, ignored))
            fail("{}: there is a pyramid of that name already; remove it, or choose another name",
                 descriptor.string());
    }
}

std::vector<int> union_of_bands(std::vector<Product> const& products)
{
    std::set<int> bands;
    for (auto const& product : products)
        bands.insert(product.bands.begin(), product.bands.end());
    return {bands.begin(), bands.end()};
}

/// Runs `work` on every thread; the first failure stops the others and is thrown again here.
void run_workers(unsigned count, std::function<void(std::atomic<bool> const& stopped)> const& work)
{
    std::atomic<bool> stopped{false};
    std::mutex mutex;
    std::exception_ptr first_failure;
    auto const guarded = [&] {
        try {
            work(stopped);
        } catch (...) {
            std::scoped_lock const lock{mutex};
            if (!first_failure)
                first_failure = std::current_exception();
            stopped = true;
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < count; ++i)
            threads.emplace_back(guarded);
        guarded();
    }
    if (first_failure)
        std::rethrow_exception(first_failure);
}

} // namespace

PreparedBuild prepare_build(BuildOptions options, TileMatrixSetLibrary const& sets)
{
    check_names(options);
    auto const set = sets.get(options.tile_matrix_set);
    auto sources = describe_all(options);
    for (auto& product : options.products)
        complete(product, sources.front());
    PreparedBuild prepared{.options = std::move(options), .mosaics = {}, .bands = {}, .plan = {}};
    prepared.type = sources.front().type;
    prepared.source_count = sources.size();
    prepared.bands = union_of_bands(prepared.options.products);
    prepared.mosaics = group_by_grid(std::move(sources));
    prepared.plan = make_plan(prepared.mosaics, set, prepared.options);
    if (auto const nodata = prepared.options.source.nodata; nodata && !can_hold(prepared.type, *nodata))
        fail("--nodata {} is no value that the sources' samples can have", *nodata);
    for (auto const& product : prepared.options.products)
        storage_format(product, prepared.type); // says what is wrong before anything is written
    return prepared;
}

BuildReport build(PreparedBuild const& prepared, BuildProgress const& on_progress)
{
    auto const& options = prepared.options;
    auto const& plan = prepared.plan;
    std::vector<std::unique_ptr<ProductBuilder>> products;
    for (auto const& product : options.products)
        products.push_back(std::make_unique<ProductBuilder>(product, prepared));

    auto const is_done = [&](TileIndex patch) {
        return std::all_of(products.begin(), products.end(),
                           [&](auto const& product) { return product->done().contains(patch); });
    };
    std::vector<TileIndex> patches;
    std::copy_if(plan.patches.begin(), plan.patches.end(), std::back_inserter(patches),
                 [&](TileIndex patch) { return !is_done(patch); });

    std::atomic<std::size_t> next{0};
    std::size_t done = plan.patches.size() - patches.size();
    std::mutex progress_mutex;
    auto const work = [&](std::atomic<bool> const& stopped) {
        PatchBaker baker{
            {plan, prepared.mosaics, prepared.bands, prepared.type, options.resampling, options.source}};
        while (!stopped) {
            auto const number = next.fetch_add(1);
            if (number >= patches.size())
                return;
            std::vector<PatchTiles> baked(products.size());
            baker.bake(patches[number], [&](std::size_t level, TileIndex tile, MaskedView pixels) {
                for (std::size_t i = 0; i < products.size(); ++i)
                    products[i]->encode(level, tile, pixels, baked[i]);
            });
            for (std::size_t i = 0; i < products.size(); ++i)
                products[i]->deliver(patches[number], std::move(baked[i]));
            std::scoped_lock const lock{progress_mutex};
            on_progress(++done, plan.patches.size());
        }
    };
    try {
        run_workers(options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency()),
                    work);
    } catch (Failure const& failure) {
        if (done == 0)
            throw;
        fail("{} (what is done so far is kept: the same command goes on from there)", failure.what());
    }

    BuildReport report;
    for (auto const& product : products) {
        auto const published = product->publish();
        report.slabs += published.slabs;
        report.bytes += published.bytes;
    }
    auto const& base = plan.set->matrices[plan.levels.back().matrix];
    report.base_pixels = plan.base_tiles() * base.tile_width * base.tile_height;
    return report;
}

} // namespace ardoise
