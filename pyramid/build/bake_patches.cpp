// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/bake_patches.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/memory_budget.hpp"
#include "pyramid/build/patch_baker.hpp"
#include "pyramid/build/recipe.hpp"
#include "pyramid/build/report/report.hpp"
#include "pyramid/build/workers.hpp"
#include "pyramid/sources/source_reader.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <set>

namespace ardoise {

namespace {

std::vector<Patch> wanted_patches(std::vector<Patch> const& patches, ProductBuilders const& products)
{
    std::vector<Patch> wanted;
    std::copy_if(patches.begin(), patches.end(), std::back_inserter(wanted), [&](Patch const& patch) {
        return std::any_of(products.begin(), products.end(),
                           [&](auto const& product) { return !product->done().contains(patch); });
    });
    return wanted;
}

} // namespace

bool is_published(Product const& product, PreparedBuild const& prepared)
{
    return is_published(prepared.options.store, product.name, recipe_of(product, prepared));
}

ProductBuilders builders_for(PreparedBuild const& prepared, BuildScope const& scope)
{
    ProductBuilders products;
    for (auto const& product : prepared.options.products)
        if (!is_published(product, prepared))
            products.push_back(std::make_unique<ProductBuilder>(product, prepared, scope));
    return products;
}

std::vector<SourceRecord> sources_under(PreparedBuild const& prepared, std::vector<Patch> const& patches)
{
    std::set<Patch> const wanted{patches.begin(), patches.end()};
    std::vector<SourceRecord> sources;
    for (auto const& record : prepared.sources) {
        auto const under = patches_under(prepared.plan, record.source, prepared.options.resampling);
        if (std::any_of(under.begin(), under.end(),
                        [&](Patch const& patch) { return wanted.contains(patch); }))
            sources.push_back(record);
    }
    return sources;
}

BakeEffort bake_patches(PreparedBuild const& prepared, std::vector<Patch> const& patches,
                        ProductBuilders const& products, BuildProgress const& on_progress)
{
    auto const start = std::chrono::steady_clock::now();
    auto const wanted = wanted_patches(patches, products);
    auto const budget = MemoryBudget::of(prepared);
    limit_gdal_cache(budget.gdal_cache);
    auto const blocks = std::make_shared<BlockCache>(budget.read_cache);
    std::atomic<std::size_t> next{0};
    std::size_t done = patches.size() - wanted.size();
    std::mutex progress_mutex;
    auto const work = [&](std::atomic<bool> const& stopped) {
        BakeJob const job{prepared.plan, prepared.mosaics, prepared.bands, prepared.type,
                          prepared.options.resampling};
        SourceReader reader{prepared.options.source, blocks};
        std::optional<PatchBaker> baker;
        while (!stopped) {
            auto const number = next.fetch_add(1);
            if (number >= wanted.size())
                return;
            auto const& patch = wanted[number];
            if (!baker || baker->quadtree() != patch.quadtree)
                baker.emplace(job, patch.quadtree, reader);
            std::vector<PatchTiles> baked(products.size());
            baker->bake(patch.place, [&](std::size_t level, TileIndex tile, MaskedView pixels) {
                for (std::size_t i = 0; i < products.size(); ++i)
                    products[i]->encode(level, tile, pixels, baked[i]);
            });
            for (std::size_t i = 0; i < products.size(); ++i)
                products[i]->deliver(patch, std::move(baked[i]));
            std::scoped_lock const lock{progress_mutex};
            on_progress(++done, patches.size());
        }
    };
    try {
        run_workers(std::min(budget.threads, static_cast<unsigned>(std::max<std::size_t>(1, wanted.size()))),
                    work);
    } catch (Failure const& failure) {
        if (done == 0)
            throw;
        fail("{} (what is done so far is kept: the same command goes on from there)", failure.what());
    }
    if (!wanted.empty())
        check_unchanged(sources_under(prepared, wanted));
    return {wanted.size(), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

BuildReport publish_all(PreparedBuild const& prepared, ProductBuilders const& products,
                        std::optional<BakeEffort> effort)
{
    BuildReport report;
    report.base_pixels = prepared.plan.base_pixels();
    for (auto const& product : products) {
        auto const published =
            product->publish([&] { report.products.push_back(write_report(*product, prepared, effort)); });
        report.slabs += published.slabs;
        report.bytes += published.bytes;
    }
    return report;
}

} // namespace ardoise
