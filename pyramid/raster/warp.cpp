// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/warp.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/kernel.hpp"
#include "pyramid/raster/warp_grid.hpp"
#include "pyramid/raster/wide_loops.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <vector>

namespace ardoise {

namespace {

/// A kernel is not widened for a scale this near to 1: nobody would see it, and the plain kernels are the
/// fast ones.
constexpr double as_good_as_one = 1.05;
/// Wider kernels than this are only asked for where a mapping degenerates.
constexpr double widest = 64;

double stretch_for(double scale)
{
    return scale < as_good_as_one ? 1 : std::min(scale, widest);
}

/// A row of destination pixels inside a cell: the source coordinates of the first centre and the way to the
/// next.
struct Run {
    std::int32_t x = 0, y = 0, length = 0;
    SourcePoint start, step;

    SourcePoint at(std::int32_t i) const { return {start.x + i * step.x, start.y + i * step.y}; }
};

SourcePoint mix(SourcePoint a, SourcePoint b, double share)
{
    return {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

Run run_of(WarpCell const& cell, std::int32_t row)
{
    double const down = (row + 0.5) / cell.box.height;
    auto const left = mix(cell.corners[0], cell.corners[2], down),
               right = mix(cell.corners[1], cell.corners[3], down);
    SourcePoint const step{(right.x - left.x) / cell.box.width, (right.y - left.y) / cell.box.width};
    return {cell.box.x, cell.box.y + row, cell.box.width, {left.x + step.x / 2, left.y + step.y / 2}, step};
}

/// The weights that source pixels have along one axis for one point.
template <typename Number>
class Taps {
public:
    template <Resampling kernel>
    void aim(double centre, double stretch)
    {
        auto const reach = kernel_reach(centre, kernel_radius(kernel), stretch);
        first_ = reach.first;
        count_ = reach.last - reach.first;
        if (weights_.size() < static_cast<std::size_t>(count_))
            weights_.resize(static_cast<std::size_t>(count_));
        double const shrink = 1 / stretch;
        double distance = (first_ + 0.5 - centre) * shrink;
        double total = 0;
        for (std::int32_t i = 0; i < count_; ++i, distance += shrink) {
            double const weight = kernel_weight(kernel, distance);
            weights_[static_cast<std::size_t>(i)] = static_cast<Number>(weight);
            total += weight;
        }
        scale_ = static_cast<Number>(1 / total);
    }
    std::int32_t first() const { return first_; }
    std::int32_t count() const { return count_; }
    Number const* weights() const { return weights_.data(); }
    /// What a sum of weighted samples is multiplied by: one over the sum of all weights.
    Number scale() const { return scale_; }

private:
    std::vector<Number> weights_ = std::vector<Number>(16);
    std::int32_t first_ = 0, count_ = 0;
    Number scale_ = 1;
};

/// Weighted sums of samples and of their validity (0 to 1, as a share of the whole kernel).
template <typename Number, int channels>
struct Mixture {
    std::array<Number, channels> sums{};
    Number share = 0;
};

template <typename Sample, int channels>
class Warper {
    using Number = Sum<Sample>;

public:
    Warper(MaskedView from, Resampling resampling) : from_{from}, resampling_{resampling} {}

    MaskedRaster fill(std::span<WarpCell const> cells, RasterShape const& shape)
    {
        if (are_data(cells, shape))
            to_.pixels = Raster::unwritten(shape);
        else
            to_ = MaskedRaster{shape};
        for (auto const& cell : cells)
            fill(cell);
        return std::move(to_);
    }

private:
    /// Whether every pixel is in a cell that draws from nothing but data, without looking at each of them.
    bool are_data(std::span<WarpCell const> cells, RasterShape const& shape)
    {
        if (!from_.all_valid() || resampling_ == Resampling::near)
            return false;
        std::int64_t filled = 0;
        for (auto const& cell : cells) {
            widen_for(cell);
            filled += reach_of(cell).inside ? std::int64_t{cell.box.width} * cell.box.height : 0;
        }
        return filled == std::int64_t{shape.width} * shape.height;
    }

    void widen_for(WarpCell const& cell)
    {
        stretch_x_ = stretch_for(cell.scale_x);
        stretch_y_ = stretch_for(cell.scale_y);
    }

    void fill(WarpCell const& cell)
    {
        widen_for(cell);
        auto const [reach, inside] = reach_of(cell);
        if (reach.width <= 0 || reach.height <= 0)
            return;
        auto const validity = validity_of(from_.crop(reach));
        if (validity == Validity::none)
            return;
        bool const plain = inside && validity == Validity::full;
        for (std::int32_t row = 0; row < cell.box.height; ++row)
            fill(run_of(cell, row), plain);
    }

    struct CellReach {
        PixelBox box; // clipped to the source
        bool inside = false;
    };

    /// All source pixels that the cell's pixels may draw from.
    CellReach reach_of(WarpCell const& cell) const
    {
        auto const [left, right] =
            std::minmax({cell.corners[0].x, cell.corners[1].x, cell.corners[2].x, cell.corners[3].x});
        auto const [top, bottom] =
            std::minmax({cell.corners[0].y, cell.corners[1].y, cell.corners[2].y, cell.corners[3].y});
        // Half a pixel more than the kernel: roundings of coordinates must not lead beyond it.
        double const radius_x = kernel_radius(resampling_) * stretch_x_,
                     radius_y = kernel_radius(resampling_) * stretch_y_;
        auto const first_x = static_cast<std::int32_t>(std::floor(left - radius_x - 0.5));
        auto const first_y = static_cast<std::int32_t>(std::floor(top - radius_y - 0.5));
        auto const last_x = static_cast<std::int32_t>(std::ceil(right + radius_x + 0.5));
        auto const last_y = static_cast<std::int32_t>(std::ceil(bottom + radius_y + 0.5));
        auto const x = std::max(0, first_x), y = std::max(0, first_y);
        return {{x, y, std::min(width_, last_x) - x, std::min(height_, last_y) - y},
                first_x >= 0 && first_y >= 0 && last_x <= width_ && last_y <= height_};
    }

    void fill(Run const& run, bool plain)
    {
        switch (resampling_) {
        case Resampling::near:
        case Resampling::mode:
            return pick(run);
        case Resampling::bilinear:
            if constexpr (std::is_same_v<Sample, std::uint8_t>)
                if (plain && stretch_x_ == 1 && stretch_y_ == 1)
                    return channels == 1 ? mix_plane(run) : mix_in_fixed_point(run);
            return fill<Resampling::bilinear>(run, plain);
        case Resampling::cubic:
            return fill<Resampling::cubic>(run, plain);
        case Resampling::lanczos:
            return fill<Resampling::lanczos>(run, plain);
        }
    }

    template <Resampling kernel>
    void fill(Run const& run, bool plain)
    {
        if (plain)
            mix_plain<kernel>(run);
        else
            mix_masked<kernel>(run);
    }

    Sample* samples_at(Run const& run) { return to_.pixels.row<Sample>(run.y) + run.x * channels; }
    std::uint8_t* validity_at(Run const& run) { return to_.validity.row(run.y) + run.x; }
    void mark_valid(Run const& run)
    {
        if (!to_.validity.empty())
            std::memset(validity_at(run), 255, static_cast<std::size_t>(run.length));
    }

    void pick(Run const& run)
    {
        auto* out = samples_at(run);
        auto* validity = validity_at(run);
        for (std::int32_t i = 0; i < run.length; ++i, out += channels, ++validity) {
            auto const point = run.at(i);
            auto const x = pixel_under(point.x), y = pixel_under(point.y);
            if (x < 0 || y < 0 || x >= width_ || y >= height_)
                continue;
            *validity = from_.all_valid() ? 255 : from_.validity.row(y)[x];
            if (*validity > 0)
                std::copy_n(from_.pixels.row<Sample>(y) + x * channels, channels, out);
        }
    }

    /// Bilinear, 8 bits, one channel, nothing missing: the hot loop of maps. The kernel's reach and half a
    /// pixel lie within the source, so there are a row and a pixel before the four of every point.
    void mix_plane(Run const& run)
    {
        constexpr double one = 1 << BlendPath::fraction_bits;
        double const x = run.start.x - 0.5, y = run.start.y - 0.5;
        auto const first_x = static_cast<std::int32_t>(x), first_y = static_cast<std::int32_t>(y);
        auto const fixed = [](double pixels) { return static_cast<std::int32_t>(std::lround(pixels * one)); };
        blend_along(this_processor(), from_.pixels.row(first_y) + first_x,
                    static_cast<std::int32_t>(from_.pixels.stride),
                    {fixed(x - first_x), fixed(y - first_y), fixed(run.step.x), fixed(run.step.y)},
                    {samples_at(run), static_cast<std::size_t>(run.length)});
        mark_valid(run);
    }

    /// The same for any number of channels: the builder's hot loop. Coordinates have 32 bits behind the
    /// point, of which the upper 11 are the weight of the next pixel: two weights and a sample fit in 32
    /// bits.
    void mix_in_fixed_point(Run const& run)
    {
        constexpr double one = 4294967296.0;
        constexpr int weight_bits = 11;
        constexpr std::uint32_t whole = 1U << weight_bits;
        constexpr std::int64_t half_a_weight = std::int64_t{1} << (31 - weight_bits);
        auto x = std::llround((run.start.x - 0.5) * one) + half_a_weight,
             step_x = std::llround(run.step.x * one);
        auto y = std::llround((run.start.y - 0.5) * one) + half_a_weight,
             step_y = std::llround(run.step.y * one);
        auto const weight = [](std::int64_t coordinate) {
            return static_cast<std::uint32_t>(coordinate >> (32 - weight_bits)) & (whole - 1);
        };
        auto const* const first = from_.pixels.row(0);
        std::size_t const stride = from_.pixels.stride;
        auto* out = to_.pixels.row(run.y) + run.x * channels;
        for (std::int32_t i = 0; i < run.length; ++i, x += step_x, y += step_y, out += channels) {
            auto const* const upper =
                first + static_cast<std::size_t>(y >> 32) * stride + (x >> 32) * channels;
            auto const* const lower = upper + stride;
            std::uint32_t const right = weight(x), left = whole - right, below = weight(y),
                                above = whole - below;
            for (int c = 0; c < channels; ++c) {
                std::uint32_t const upper_mix = upper[c] * left + upper[c + channels] * right;
                std::uint32_t const lower_mix = lower[c] * left + lower[c + channels] * right;
                std::uint32_t const sum = upper_mix * above + lower_mix * below + whole * whole / 2;
                out[c] = static_cast<std::uint8_t>(sum >> (2 * weight_bits));
            }
        }
        mark_valid(run);
    }

    template <Resampling kernel>
    void aim(SourcePoint point)
    {
        across_.template aim<kernel>(point.x, stretch_x_);
        down_.template aim<kernel>(point.y, stretch_y_);
    }

    template <Resampling kernel>
    void mix_plain(Run const& run)
    {
        auto* out = samples_at(run);
        for (std::int32_t i = 0; i < run.length; ++i, out += channels) {
            aim<kernel>(run.at(i));
            auto const sums = weigh_plain();
            Number const scale = across_.scale() * down_.scale();
            for (int c = 0; c < channels; ++c)
                out[c] = to_sample<Sample>(sums[static_cast<std::size_t>(c)] * scale);
        }
        mark_valid(run);
    }

    std::array<Number, channels> weigh_plain() const
    {
        std::array<Number, channels> sums{};
        auto const* const weights = across_.weights();
        for (std::int32_t j = 0; j < down_.count(); ++j) {
            std::array<Number, channels> row_sums{};
            auto const* source = from_.pixels.row<Sample>(down_.first() + j) + across_.first() * channels;
            for (std::int32_t i = 0; i < across_.count(); ++i, source += channels)
                for (std::size_t c = 0; c < channels; ++c)
                    row_sums[c] += weights[i] * source[c];
            for (std::size_t c = 0; c < channels; ++c)
                sums[c] += down_.weights()[j] * row_sums[c];
        }
        return sums;
    }

    template <Resampling kernel>
    void mix_masked(Run const& run)
    {
        auto* out = samples_at(run);
        auto* validity = validity_at(run);
        for (std::int32_t i = 0; i < run.length; ++i, out += channels, ++validity) {
            aim<kernel>(run.at(i));
            auto mixture = weigh_masked();
            *validity = to_sample<std::uint8_t>(mixture.share * 255);
            if (has_negative_lobes(kernel) && mixture.share < Number{0.5}) {
                // Lobes below zero would exaggerate what little is data: a kernel without them has the say.
                aim<Resampling::bilinear>(run.at(i));
                mixture = weigh_masked();
            }
            if (mixture.share * 255 < Number{0.5})
                *validity = 0;
            if (*validity > 0)
                for (std::size_t c = 0; c < channels; ++c)
                    out[c] = to_sample<Sample>(mixture.sums[c] / mixture.share);
        }
    }

    Mixture<Number, channels> weigh_masked() const
    {
        Mixture<Number, channels> mixture;
        Number const scale = across_.scale() * down_.scale() / 255;
        auto const first_x = std::max(0, across_.first()),
                   last_x = std::min(width_, across_.first() + across_.count());
        auto const first_y = std::max(0, down_.first()),
                   last_y = std::min(height_, down_.first() + down_.count());
        for (auto y = first_y; y < last_y; ++y) {
            Number const row_weight = down_.weights()[y - down_.first()] * scale;
            auto const* const samples = from_.pixels.row<Sample>(y);
            auto const* const validity = from_.all_valid() ? nullptr : from_.validity.row(y);
            for (auto x = first_x; x < last_x; ++x) {
                std::uint8_t const valid = validity ? validity[x] : 255;
                if (valid == 0) // may be NaN
                    continue;
                Number const weight = row_weight * across_.weights()[x - across_.first()] * valid;
                mixture.share += weight;
                for (int c = 0; c < channels; ++c)
                    mixture.sums[static_cast<std::size_t>(c)] += weight * samples[x * channels + c];
            }
        }
        return mixture;
    }

    MaskedView from_;
    MaskedRaster to_; // without validity where all of it is data
    Resampling resampling_;
    std::int32_t width_ = from_.pixels.shape.width, height_ = from_.pixels.shape.height;
    double stretch_x_ = 1, stretch_y_ = 1;
    Taps<Number> across_, down_;
};

} // namespace

MaskedRaster warp(MaskedView from, PixelMapping const& mapping, std::int32_t width, std::int32_t height,
                  Resampling resampling, double tolerance)
{
    assert(width > 0 && height > 0);
    auto const& shape = from.pixels.shape;
    MaskedRaster to;
    auto const cells = plan_warp(mapping, width, height, shape, kernel_radius(resampling), tolerance);
    with_sample_type(shape.type, [&](auto sample) {
        with_channels(shape.channels, [&](auto channels) {
            to = Warper<decltype(sample), channels()>{from, resampling}.fill(
                cells, {width, height, shape.channels, shape.type});
        });
    });
    return to;
}

} // namespace ardoise
