// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/expectation.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/bake.hpp"
#include "pyramid/build/tile_encoder.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace ardoise {

namespace {

constexpr std::size_t most_trials = 8;
constexpr std::int32_t block_pixels = 1024;
constexpr double with_parents = 4.0 / 3; // each level has a quarter of the pixels of the one below

template <typename Action>
double seconds_of(Action&& action)
{
    auto const start = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What the trials have given so far, per product where it is a list.
struct Trials {
    double pixels = 0; // that were data
    double bake_seconds = 0, encode_seconds = 0;
    std::vector<double> bytes;
};

/// A block of base tiles on its way through what a build does.
class TrialBlock {
public:
    TrialBlock(PreparedBuild const& prepared, SourceReader& reader, Source const& source)
        : prepared_{prepared}, reader_{reader}, matrix_{prepared.plan.matrix(
                                                    prepared.plan.finest().base_level)},
          side_{std::max(1, block_pixels / std::max(matrix_.tile_width, matrix_.tile_height))}
    {
        auto const ground = transform_between(source.crs, prepared.plan.set->crs).apply(source.extent());
        auto const tile = [](double distance, double span) {
            return static_cast<std::int64_t>(std::floor(distance / span));
        };
        first_ = {tile((ground.min_x + ground.max_x) / 2 - matrix_.origin_x,
                       matrix_.cell_size * matrix_.tile_width * side_) *
                      side_,
                  tile(matrix_.origin_y - (ground.min_y + ground.max_y) / 2,
                       matrix_.cell_size * matrix_.tile_height * side_) *
                      side_};
    }

    void run(Trials& trials) const
    {
        MaskedRaster pixels;
        trials.bake_seconds += seconds_of([&] { pixels = baked(prepared_.bands); });
        auto const valid = pixels.validity.bytes();
        trials.pixels += static_cast<double>(std::count(valid.begin(), valid.end(), std::byte{255}));
        for (std::size_t i = 0; i < prepared_.options.products.size(); ++i) {
            auto const& product = prepared_.options.products[i];
            auto const of_product = baked(product.bands);
            trials.encode_seconds +=
                seconds_of([&] { trials.bytes[i] += encoded_bytes(of_product, product); });
        }
    }

private:
    MaskedRaster baked(std::vector<int> const& bands) const
    {
        auto const ground = extent(matrix_, first_);
        MaskedRaster canvas{{side_ * matrix_.tile_width, side_ * matrix_.tile_height,
                             static_cast<std::int32_t>(bands.size()), prepared_.type}};
        if (bake(prepared_.mosaics, reader_, {ground.min_x, ground.max_y, matrix_.cell_size},
                 prepared_.plan.set->crs, bands, prepared_.options.resampling, canvas) == Validity::none)
            return MaskedRaster{canvas.pixels.shape()};
        return canvas;
    }

    double encoded_bytes(MaskedRaster const& pixels, Product const& product) const
    {
        auto const format = storage_format(product, prepared_.type);
        double bytes = 0;
        for (std::int32_t row = 0; row < side_; ++row)
            for (std::int32_t col = 0; col < side_; ++col) {
                auto const tile = pixels.view().crop({col * matrix_.tile_width, row * matrix_.tile_height,
                                                      matrix_.tile_width, matrix_.tile_height});
                if (validity_of(tile) != Validity::none)
                    bytes += static_cast<double>(encode_tile(tile.pixels, format, product.quality).size());
            }
        return bytes;
    }

    PreparedBuild const& prepared_;
    SourceReader& reader_;
    TileMatrix const& matrix_;
    std::int32_t side_; // tiles
    TileIndex first_;
};

/// Pixels of a base level that sources lie on; where they overlap, at most those of the plan.
double expected_pixels(PreparedBuild const& prepared, Quadtree const& quadtree)
{
    auto const& matrix = prepared.plan.matrix(quadtree.base_level);
    double area = 0;
    for (auto const& record : prepared.sources) {
        auto const ground =
            transform_between(record.source.crs, prepared.plan.set->crs).apply(record.source.extent());
        if (!ground.empty())
            area += ground.width() * ground.height();
    }
    return std::min(area / (matrix.cell_size * matrix.cell_size),
                    static_cast<double>(prepared.plan.base_pixels(quadtree)));
}

} // namespace

double Expectation::bytes() const
{
    double sum = 0;
    for (auto const& product : products)
        sum += product.bytes;
    return sum;
}

std::optional<Expectation> expect(PreparedBuild const& prepared)
{
    auto const& sources = prepared.sources;
    auto const count = std::min(sources.size(), most_trials);
    SourceReader reader{prepared.options.source};
    Trials trials;
    trials.bytes.resize(prepared.options.products.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto const& source = sources[(2 * i + 1) * sources.size() / (2 * count)].source;
        try {
            TrialBlock{prepared, reader, source}.run(trials);
        } catch (Failure const&) {
            continue; // the build will say so, when it comes to it
        }
    }
    if (trials.pixels == 0)
        return std::nullopt;
    auto const& plan = prepared.plan;
    double const baked = expected_pixels(prepared, plan.finest()) / trials.pixels;
    double encoded = 0;
    for (auto const& quadtree : plan.quadtrees)
        encoded += with_parents * expected_pixels(prepared, quadtree) / trials.pixels;
    Expectation expectation;
    for (std::size_t i = 0; i < trials.bytes.size(); ++i)
        expectation.products.push_back({prepared.options.products[i].name, trials.bytes[i] * encoded});
    auto const threads =
        std::min(threads_of(prepared.options), std::max(1U, std::thread::hardware_concurrency()));
    auto const times_read = static_cast<double>(plan.quadtrees.size());
    expectation.seconds =
        (times_read * baked * trials.bake_seconds + encoded * trials.encode_seconds) / threads;
    return expectation;
}

double raw_bytes(PreparedBuild const& prepared)
{
    double bytes = 0;
    for (auto const& product : prepared.options.products)
        bytes += static_cast<double>(prepared.plan.baked_pixels()) * with_parents *
                 static_cast<double>(product.bands.size() * bytes_per_sample(prepared.type));
    return bytes;
}

double free_bytes(std::filesystem::path const& folder)
{
    auto there = std::filesystem::absolute(folder).lexically_normal();
    std::error_code ignored;
    while (!std::filesystem::exists(there, ignored) && there.has_relative_path())
        there = there.parent_path();
    return static_cast<double>(std::filesystem::space(there).available);
}

} // namespace ardoise
