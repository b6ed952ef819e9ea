// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/resample.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/kernel.hpp"
#include "pyramid/raster/wide_loops.hpp"

#include <cassert>
#include <cstring>
#include <optional>
#include <vector>

namespace ardoise {

namespace {

/// What every destination pixel of one axis draws from, weights adding up to 1 (before those of pixels beyond
/// the edges were left out).
template <typename Number>
struct Axis {
    struct Taps {
        std::int32_t first = 0, count = 0;
        std::size_t weights = 0; // where they begin in `weights`
    };
    std::vector<Taps> taps;
    std::vector<Number> weights;
    std::int32_t first = 0, last = 0; // all source pixels that are drawn from, half-open
    std::int32_t most = 0;            // by one pixel
    bool complete = true;             // nothing was beyond the edges
};

template <typename Number>
Axis<Number> plan_axis(Resampling resampling, double start, double length, std::int32_t pixels,
                       std::int32_t available)
{
    double const scale = length / pixels, stretch = std::clamp(scale, 1.0, widest_kernel);
    Axis<Number> axis;
    axis.first = available;
    for (std::int32_t i = 0; i < pixels; ++i) {
        // Far beyond the edges it makes no difference how far.
        double const centre = std::clamp(start + (i + 0.5) * scale, -1e8, 1e8);
        auto reach = kernel_reach(centre, kernel_radius(resampling), stretch);
        double total = 0;
        auto const weight = [&](std::int32_t at) {
            return kernel_weight(resampling, (at + 0.5 - centre) / stretch);
        };
        // A kernel that just touches a pixel takes nothing from it.
        while (reach.last - reach.first > 1 && weight(reach.first) == 0)
            ++reach.first;
        while (reach.last - reach.first > 1 && weight(reach.last - 1) == 0)
            --reach.last;
        for (auto at = reach.first; at < reach.last; ++at)
            total += weight(at);

        auto const first = std::clamp(reach.first, 0, available), last = std::clamp(reach.last, 0, available);
        axis.complete = axis.complete && first == reach.first && last == reach.last;
        axis.taps.push_back({first, last - first, axis.weights.size()});
        for (auto at = first; at < last; ++at)
            axis.weights.push_back(static_cast<Number>(weight(at) / total));
        axis.first = std::min(axis.first, first);
        axis.last = std::max(axis.last, last);
        axis.most = std::max(axis.most, last - first);
    }
    axis.first = std::min(axis.first, axis.last);
    return axis;
}

/// Rows of numbers on their way through the kernels: `planes` for each pixel, which are its channels and,
/// where not all is data, its validity from 0 to 1 behind them (the channels are then multiplied by it).
template <typename Sample>
class Resampler {
    using Number = Sum<Sample>;

public:
    Resampler(MaskedView from, SourceWindow window, std::int32_t width, std::int32_t height,
              Resampling resampling)
        : from_{from}, channels_{from.pixels.shape.channels}, across_{plan_axis<Number>(
                                                                  resampling, window.x, window.width, width,
                                                                  from.pixels.shape.width)},
          down_{plan_axis<Number>(resampling, window.y, window.height, height, from.pixels.shape.height)},
          masked_{!across_.complete || !down_.complete ||
                  validity_of(from.crop(source_box())) != Validity::full},
          planes_{channels_ + (masked_ ? 1 : 0)}, source_row_(count(across_.last - across_.first)),
          mixed_row_(count(width)), kept_rows_(static_cast<std::size_t>(down_.most) * count(width))
    {
        RasterShape const shape{width, height, channels_, from.pixels.shape.type};
        if (masked_)
            result_ = MaskedRaster{shape};
        else
            result_.pixels = Raster::unwritten(shape);
        if (!masked_ && !from.all_valid())
            result_.validity = full_validity(shape);
    }

    /// Pixels of whose weight less than half was data: told through `weak`, which may be null.
    MaskedRaster run(std::vector<PixelBox>* weak)
    {
        if constexpr (std::is_same_v<Sample, std::uint8_t>)
            if (!masked_ && channels_ == 1 && across_.most > 0)
                return run_wide();
        std::int32_t ready = down_.first;
        for (std::int32_t y = 0; y < result_.pixels.shape().height; ++y) {
            auto const& taps = down_.taps[static_cast<std::size_t>(y)];
            for (; ready < taps.first + taps.count; ++ready)
                if (ready >= taps.first)
                    mix_across(ready);
            mix_down(taps);
            write_row(y, weak);
        }
        return std::move(result_);
    }

private:
    /// The same as run(), for 8 bits of one channel where nothing is missing.
    MaskedRaster run_wide()
    {
        auto const processor = this_processor();
        auto const even = even_taps();
        auto const width = static_cast<std::size_t>(result_.pixels.shape().width);
        std::vector<WeighedRow> rows;
        std::int32_t ready = down_.first;
        for (std::int32_t y = 0; y < result_.pixels.shape().height; ++y) {
            auto const& taps = down_.taps[static_cast<std::size_t>(y)];
            for (; ready < taps.first + taps.count; ++ready)
                if (ready >= taps.first) {
                    load(ready);
                    ardoise::mix_across(processor, even, source_row_.data(), {kept_row(ready), width});
                }
            rows.clear();
            for (std::int32_t i = 0; i < taps.count; ++i)
                rows.push_back(
                    {kept_row(taps.first + i), down_.weights[taps.weights + static_cast<std::size_t>(i)]});
            ardoise::mix_down(processor, rows, {result_.pixels.row(y), width});
        }
        return std::move(result_);
    }

    /// Where a pixel has fewer taps than another, it gets some that weigh nothing.
    EvenTaps even_taps() const
    {
        auto const pixels = across_.taps.size();
        EvenTaps even;
        even.taps = across_.most;
        even.weights.resize(pixels * static_cast<std::size_t>(even.taps));
        for (std::size_t x = 0; x < pixels; ++x) {
            auto const& taps = across_.taps[x];
            auto const first = std::min(taps.first, across_.last - even.taps);
            even.firsts.push_back(first - across_.first);
            for (std::int32_t i = 0; i < taps.count; ++i)
                even.weights[static_cast<std::size_t>(taps.first - first + i) * pixels + x] =
                    across_.weights[taps.weights + static_cast<std::size_t>(i)];
        }
        return even;
    }

    PixelBox source_box() const
    {
        return {across_.first, down_.first, across_.last - across_.first, down_.last - down_.first};
    }
    std::size_t count(std::int32_t pixels) const
    {
        return static_cast<std::size_t>(pixels) * static_cast<std::size_t>(planes_);
    }
    Number* kept_row(std::int32_t source_y)
    {
        return kept_rows_.data() + static_cast<std::size_t>(source_y % down_.most) * mixed_row_.size();
    }

    void load(std::int32_t y)
    {
        auto const* samples = from_.pixels.row<Sample>(y) + across_.first * channels_;
        if (!masked_) {
            std::copy_n(samples, source_row_.size(), source_row_.begin());
            return;
        }
        auto* to = source_row_.data();
        for (auto x = across_.first; x < across_.last; ++x, samples += channels_, to += planes_) {
            Number const share =
                from_.all_valid() ? Number{1} : static_cast<Number>(from_.validity.row(y)[x]) / 255;
            for (std::int32_t c = 0; c < channels_; ++c)
                to[c] =
                    share > 0 ? static_cast<Number>(samples[c]) * share : 0; // what is not data may be NaN
            to[channels_] = share;
        }
    }

    template <int planes>
    void mix_across(Number* out)
    {
        for (auto const& taps : across_.taps) {
            Number sums[planes] = {};
            auto const* source = source_row_.data() + (taps.first - across_.first) * planes;
            auto const* weights = across_.weights.data() + taps.weights;
            for (std::int32_t i = 0; i < taps.count; ++i, source += planes)
                for (int p = 0; p < planes; ++p)
                    sums[p] += weights[i] * source[p];
            out = std::copy_n(sums, planes, out);
        }
    }
    void mix_across(std::int32_t y)
    {
        load(y);
        auto* const out = kept_row(y);
        if (planes_ == 5)
            mix_across<5>(out);
        else
            with_channels(planes_, [&](auto planes) { mix_across<planes()>(out); });
    }

    void mix_down(typename Axis<Number>::Taps const& taps)
    {
        std::fill(mixed_row_.begin(), mixed_row_.end(), Number{0});
        for (std::int32_t i = 0; i < taps.count; ++i) {
            Number const weight = down_.weights[taps.weights + static_cast<std::size_t>(i)];
            Number const* const row = kept_row(taps.first + i);
            Number* const out = mixed_row_.data();
            for (std::size_t k = 0; k < mixed_row_.size(); ++k)
                out[k] += weight * row[k];
        }
    }

    void write_row(std::int32_t y, std::vector<PixelBox>* weak)
    {
        auto* out = result_.pixels.template row<Sample>(y);
        if (!masked_) {
            std::transform(mixed_row_.begin(), mixed_row_.end(), out, to_sample<Sample, Number>);
            return;
        }
        auto* validity = result_.validity.row(y);
        auto const width = result_.pixels.shape().width;
        auto const* sums = mixed_row_.data();
        for (std::int32_t x = 0; x < width; ++x, sums += planes_, out += channels_) {
            Number const share = sums[channels_];
            validity[x] = to_sample<std::uint8_t>(share * 255);
            if (weak && share < Number{0.5})
                weak->push_back({x, y, 1, 1});
            else if (validity[x] > 0)
                for (std::int32_t c = 0; c < channels_; ++c)
                    out[c] = to_sample<Sample>(sums[c] / share);
        }
    }

    MaskedView from_;
    std::int32_t channels_;
    Axis<Number> across_, down_;
    bool masked_;
    std::int32_t planes_;
    std::vector<Number> source_row_, mixed_row_, kept_rows_;
    MaskedRaster result_;
};

template <typename Sample>
MaskedRaster mix(MaskedView from, SourceWindow window, std::int32_t width, std::int32_t height,
                 Resampling resampling)
{
    std::vector<PixelBox> weak;
    bool const watch = has_negative_lobes(resampling);
    auto result = Resampler<Sample>{from, window, width, height, resampling}.run(watch ? &weak : nullptr);
    if (weak.empty())
        return result;
    // There the lobes below zero would exaggerate what little is data: a kernel without them has the say.
    auto const calm = Resampler<Sample>{from, window, width, height, Resampling::bilinear}.run(nullptr);
    for (auto const& pixel : weak) {
        auto& validity = result.validity.row(pixel.y)[pixel.x];
        if (!calm.view().all_valid() && calm.validity.row(pixel.y)[pixel.x] == 0)
            validity = 0;
        if (validity > 0)
            paste(calm.pixels.view().crop(pixel), result.pixels, pixel.x, pixel.y);
    }
    return result;
}

/// What is not data comes out as 0, as it does from the kernels.
void clear_invalid(MaskedRaster& raster)
{
    auto const& shape = raster.pixels.shape();
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x)
            if (raster.validity.row(y)[x] == 0)
                std::memset(raster.pixels.row<std::byte>(y) +
                                static_cast<std::size_t>(x) * shape.bytes_per_pixel(),
                            0, shape.bytes_per_pixel());
}

bool is_inside(PixelBox box, RasterShape const& shape)
{
    return box.x >= 0 && box.y >= 0 && box.x <= shape.width - box.width && box.y <= shape.height - box.height;
}

/// The pixels of `from` with its corner at (x, y) of the result; beyond the edges nothing is valid.
MaskedRaster copy(MaskedView from, std::int32_t x, std::int32_t y, std::int32_t width, std::int32_t height)
{
    auto const& shape = from.pixels.shape;
    if (from.all_valid() && is_inside({x, y, width, height}, shape)) {
        MaskedRaster part;
        part.pixels = Raster::unwritten({width, height, shape.channels, shape.type});
        paste(from.pixels.crop({x, y, width, height}), part.pixels, 0, 0);
        return part;
    }
    MaskedRaster result{{width, height, shape.channels, shape.type}};
    auto const left = std::clamp(x, 0, shape.width), right = std::clamp(x + width, left, shape.width);
    auto const top = std::clamp(y, 0, shape.height), bottom = std::clamp(y + height, top, shape.height);
    auto const part = from.crop({left, top, right - left, bottom - top});
    paste(part.pixels, result.pixels, left - x, top - y);
    if (!from.all_valid())
        paste(part.validity, result.validity, left - x, top - y);
    else
        for (auto row = top; row < bottom; ++row)
            std::memset(result.validity.row(row - y) + (left - x), 255,
                        static_cast<std::size_t>(right - left));
    if (validity_of(part) != Validity::full)
        clear_invalid(result);
    return result;
}

std::vector<std::int32_t> nearest(double start, double length, std::int32_t pixels, std::int32_t available)
{
    std::vector<std::int32_t> under;
    for (std::int32_t i = 0; i < pixels; ++i)
        under.push_back(pixel_under(std::clamp(start + (i + 0.5) * length / pixels, -1.0, available + 0.5)));
    return under;
}

template <typename Sample, int channels>
void pick_row(MaskedView from, std::vector<std::int32_t> const& columns, std::int32_t source_y,
              MaskedRaster& to, std::int32_t y)
{
    auto const* row = from.pixels.row<Sample>(source_y);
    auto* out = to.pixels.row<Sample>(y);
    auto* validity = to.validity.row(y);
    for (auto const x : columns) {
        if (x >= 0 && x < from.pixels.shape.width) {
            *validity = from.all_valid() ? 255 : from.validity.row(source_y)[x];
            if (*validity > 0)
                std::copy_n(row + x * channels, channels, out);
        }
        out += channels;
        ++validity;
    }
}

MaskedRaster pick(MaskedView from, SourceWindow window, std::int32_t width, std::int32_t height)
{
    auto const& shape = from.pixels.shape;
    MaskedRaster result{{width, height, shape.channels, shape.type}};
    auto const columns = nearest(window.x, window.width, width, shape.width);
    auto const rows = nearest(window.y, window.height, height, shape.height);
    with_sample_type(shape.type, [&](auto sample) {
        with_channels(shape.channels, [&](auto channels) {
            for (std::int32_t y = 0; y < height; ++y)
                if (auto const under = rows[static_cast<std::size_t>(y)]; under >= 0 && under < shape.height)
                    pick_row<decltype(sample), channels()>(from, columns, under, result, y);
        });
    });
    return result;
}

bool is_whole(double value)
{
    return std::abs(value) < 1e8 && std::abs(value - std::round(value)) < 1e-6;
}

bool is_same_size(SourceWindow window, std::int32_t width, std::int32_t height)
{
    return std::abs(window.width - width) < 1e-6 && std::abs(window.height - height) < 1e-6;
}

/// A window at 1:1 whose pixels begin where those of `from` do, or halfway between two of them.
struct Halfway {
    PixelBox first;                    // of the two, on either axis
    std::int32_t right = 0, below = 0; // the second one is so far away: 1, or 0 where pixels are the same
};

/// Nothing where `window` does not lie so, or not within `from`.
std::optional<Halfway> halfway_in(RasterShape const& from, SourceWindow window, std::int32_t width,
                                  std::int32_t height)
{
    if (!is_whole(2 * window.x) || !is_whole(2 * window.y) || !is_same_size(window, width, height))
        return std::nullopt;
    auto const x = std::lround(2 * window.x), y = std::lround(2 * window.y);
    Halfway found{{static_cast<std::int32_t>(x >> 1), static_cast<std::int32_t>(y >> 1), width, height},
                  static_cast<std::int32_t>(x & 1),
                  static_cast<std::int32_t>(y & 1)};
    auto const& [box, right, below] = found;
    bool const fits = is_inside({box.x, box.y, width + right, height + below}, from);
    return fits ? std::optional{found} : std::nullopt;
}

/// What bilinear makes of it, to the bit: means of two pixels or of four.
Raster means_of_neighbours(RasterView from, Halfway const& window)
{
    auto const& [box, right, below] = window;
    auto means = Raster::unwritten({box.width, box.height, from.shape.channels});
    auto const samples = means.shape().bytes_per_row();
    for (std::int32_t y = 0; y < box.height; ++y) {
        auto const* const upper = from.row(box.y + y) + box.x * from.shape.channels;
        auto const* const lower = from.row(box.y + y + below) + box.x * from.shape.channels;
        auto const* const upper_right = upper + right * from.shape.channels;
        auto const* const lower_right = lower + right * from.shape.channels;
        auto* const out = means.row(y);
        for (std::size_t i = 0; i < samples; ++i)
            out[i] =
                static_cast<std::uint8_t>((upper[i] + upper_right[i] + lower[i] + lower_right[i] + 2) >> 2);
    }
    return means;
}

bool is_copy(SourceWindow window, std::int32_t width, std::int32_t height)
{
    return is_whole(window.x) && is_whole(window.y) && is_same_size(window, width, height);
}

} // namespace

bool is_all_of(SourceWindow window, RasterShape shape, std::int32_t width, std::int32_t height)
{
    return is_copy(window, width, height) && std::lround(window.x) == 0 && std::lround(window.y) == 0 &&
           width == shape.width && height == shape.height;
}

MaskedRaster resample(MaskedView from, SourceWindow window, std::int32_t width, std::int32_t height,
                      Resampling resampling)
{
    assert(width > 0 && height > 0 && window.width > 0 && window.height > 0);
    if (is_copy(window, width, height))
        return copy(from, static_cast<std::int32_t>(std::lround(window.x)),
                    static_cast<std::int32_t>(std::lround(window.y)), width, height);
    if (resampling == Resampling::near)
        return pick(from, window, width, height);
    MaskedRaster result;
    bool const is_plain =
        resampling == Resampling::bilinear && from.all_valid() && from.pixels.shape.type == SampleType::uint8;
    if (auto const halfway = is_plain ? halfway_in(from.pixels.shape, window, width, height) : std::nullopt) {
        result.pixels = means_of_neighbours(from.pixels, *halfway);
        return result;
    }
    with_sample_type(from.pixels.shape.type, [&](auto sample) {
        result = mix<decltype(sample)>(from, window, width, height, resampling);
    });
    return result;
}

} // namespace ardoise
