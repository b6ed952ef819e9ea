// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/edge_mask.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/raster/dispatch.hpp"
#include "pyramid/sources/dataset.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace ardoise {

namespace {

constexpr unsigned bits_a_word = 64;

/// The bits of `value` that a run of ones joins to a bit of `seed` within the word; doubling steps.
std::uint64_t flood(std::uint64_t seed, std::uint64_t value)
{
    if (seed == 0 || seed == value)
        return seed;
    auto up = seed, up_way = value, down = seed, down_way = value;
    for (unsigned step = 1; step < bits_a_word; step *= 2) {
        up |= up_way & up << step;
        up_way &= up_way << step;
        down |= down_way & down >> step;
        down_way &= down_way >> step;
    }
    return up | down;
}

std::vector<int> bands_without_alpha(GDALDataset& dataset)
{
    std::vector<int> bands;
    for (int band = 1; band <= dataset.GetRasterCount(); ++band)
        if (dataset.GetRasterBand(band)->GetColorInterpretation() != GCI_AlphaBand)
            bands.push_back(band);
    return bands;
}

/// Samples from the lowest to the highest, both of them counted, are of the edge.
template <typename Sample>
struct Interval {
    Sample lowest, highest;

    explicit Interval(EdgeValue const& edge)
    {
        double const from = edge.value - edge.near, to = edge.value + edge.near;
        bool const whole = std::is_integral_v<Sample>;
        lowest = to_sample<Sample>(whole ? std::ceil(from) : from);
        highest = to_sample<Sample>(whole ? std::floor(to) : to);
    }
};

template <typename Sample>
void mark(Sample const* samples, Interval<Sample> const& edge, std::size_t bands, std::int32_t width,
          std::uint64_t* bits)
{
    for (std::int32_t x = 0; x < width; ++x, samples += bands)
        if (std::all_of(samples, samples + bands,
                        [&](Sample sample) { return sample >= edge.lowest && sample <= edge.highest; }))
            bits[static_cast<unsigned>(x) / bits_a_word] |= std::uint64_t{1}
                                                            << static_cast<unsigned>(x) % bits_a_word;
}

/// A bit for each pixel of an image, rows on words of their own.
class Bitmap {
public:
    using Word = std::uint64_t;

    Bitmap(std::int64_t width, std::int64_t height)
        : words_{(static_cast<std::size_t>(width) + bits_a_word - 1) / bits_a_word},
          bits_(words_ * static_cast<std::size_t>(height))
    {
    }
    std::size_t words() const { return words_; } // a row
    Word* row(std::int32_t y) { return bits_.data() + static_cast<std::size_t>(y) * words_; }

private:
    std::size_t words_;
    std::vector<Word> bits_;
};

/// Which pixels have the value.
Bitmap find_value(GDALDataset& dataset, Source const& source, EdgeValue const& edge)
{
    auto bands = bands_without_alpha(dataset);
    // Indices of a palette may have 16 bits.
    auto const type = source.palette ? SampleType::uint16 : source.type;
    constexpr std::int64_t most_samples = 4'000'000;
    auto const width = static_cast<std::int32_t>(source.width),
               height = static_cast<std::int32_t>(source.height);
    auto const strip = static_cast<std::int32_t>(std::clamp<std::int64_t>(
        most_samples / (source.width * static_cast<std::int64_t>(bands.size())), 1, source.height));
    Raster pixels{{width, strip, static_cast<std::int32_t>(bands.size()), type}};
    auto const& shape = pixels.shape();
    Bitmap found{width, height};
    for (std::int32_t y = 0; y < height; y += strip) {
        auto const rows = std::min(strip, height - y);
        GdalMessages const messages;
        auto const result =
            dataset.RasterIO(GF_Read, 0, y, width, rows, pixels.bytes().data(), width, rows, gdal_type(type),
                             shape.channels, bands.data(), static_cast<GSpacing>(shape.bytes_per_pixel()),
                             static_cast<GSpacing>(shape.bytes_per_row()),
                             static_cast<GSpacing>(bytes_per_sample(type)), nullptr);
        if (result != CE_None || messages.any())
            fail("{}: cannot be read: {}", source.file.string(), messages.text());
        with_sample_type(type, [&](auto sample) {
            Interval<decltype(sample)> const interval{edge};
            for (std::int32_t i = 0; i < rows; ++i)
                mark(pixels.row<decltype(sample)>(i), interval, bands.size(), width, found.row(y + i));
        });
    }
    return found;
}

/// Floods an image from its border.
class Flood {
public:
    Flood(Bitmap& value, std::int32_t width, std::int32_t height)
        : value_{value}, width_{width}, height_{height}, edge_{width, height}
    {
        start_at_the_border();
        for (bool changed = true; changed;) {
            changed = sweep(0, 1);
            changed = sweep(height_ - 1, -1) || changed;
        }
    }
    Bitmap& edge() { return edge_; }

private:
    using Word = Bitmap::Word;

    void start_at_the_border()
    {
        for (std::int32_t const y : {0, height_ - 1})
            std::copy_n(value_.row(y), value_.words(), edge_.row(y));
        auto const last = static_cast<unsigned>(width_ - 1);
        for (std::int32_t y = 0; y < height_; ++y) {
            edge_.row(y)[0] |= value_.row(y)[0] & 1;
            edge_.row(y)[last / bits_a_word] |= value_.row(y)[last / bits_a_word] & Word{1}
                                                                                        << last % bits_a_word;
        }
    }

    /// Carries the edge from row to row, from `first` on to the image's other end. Whether anything was
    /// added.
    bool sweep(std::int32_t first, std::int32_t step)
    {
        bool changed = false;
        for (auto y = first; y >= 0 && y < height_; y += step) {
            auto* const edge = edge_.row(y);
            auto const* const value = value_.row(y);
            if (y != first) {
                auto const* const before = edge_.row(y - step);
                for (std::size_t i = 0; i < edge_.words(); ++i) {
                    auto const more = before[i] & value[i] & ~edge[i];
                    edge[i] |= more;
                    changed = changed || more != 0;
                }
            }
            changed = spread_along(edge, value) || changed;
        }
        return changed;
    }

    /// Carries the edge along one row, to the right and back.
    bool spread_along(Word* edge, Word const* value) const
    {
        bool changed = false;
        auto const spread = [&](std::size_t i, Word from_neighbour) {
            auto const whole = flood(edge[i] | (from_neighbour & value[i]), value[i]);
            changed = changed || whole != edge[i];
            edge[i] = whole;
        };
        for (std::size_t i = 0; i < edge_.words(); ++i)
            spread(i, i > 0 ? edge[i - 1] >> (bits_a_word - 1) : 0);
        for (std::size_t i = edge_.words() - 1; i-- > 0;)
            spread(i, edge[i + 1] << (bits_a_word - 1));
        return changed;
    }

    Bitmap& value_;
    std::int32_t width_, height_;
    Bitmap edge_;
};

/// The first column from `x` on whose bit is `set`, or `width`.
std::int32_t next(Bitmap::Word const* row, std::int32_t x, std::int32_t width, bool set)
{
    while (x < width) {
        auto const at = static_cast<unsigned>(x);
        auto const word = row[at / bits_a_word];
        auto const rest = (set ? word : ~word) >> at % bits_a_word;
        if (rest != 0)
            return std::min(width, x + std::countr_zero(rest));
        x = static_cast<std::int32_t>((at / bits_a_word + 1) * bits_a_word);
    }
    return width;
}

} // namespace

EdgeMask::EdgeMask(GDALDataset& dataset, Source const& source, EdgeValue const& edge)
{
    if (source.width > most_pixels / source.height)
        fail("{}: has {} x {} pixels, more than --nodata-edge can look through; cut it into dalles, or give "
             "it a mask",
             source.file.string(), source.width, source.height);
    auto const width = static_cast<std::int32_t>(source.width),
               height = static_cast<std::int32_t>(source.height);
    auto having_value = find_value(dataset, source, edge);
    Flood flood{having_value, width, height};
    constexpr std::size_t most_runs = 16'000'000; // 128 MB
    for (std::int32_t y = 0; y < height; ++y) {
        row_starts_.push_back(runs_.size());
        auto const* const row = flood.edge().row(y);
        for (auto x = next(row, 0, width, true); x < width;) {
            auto const end = next(row, x, width, false);
            runs_.push_back({x, end});
            x = next(row, end, width, true);
        }
        if (runs_.size() > most_runs)
            fail("{}: what --nodata-edge {} finds is no edge but a pattern all over it; give it a mask",
                 source.file.string(), edge.value);
    }
    row_starts_.push_back(runs_.size());
    runs_.shrink_to_fit();
}

void EdgeMask::clear_edge(PixelBox window, Raster& validity, std::int32_t x, std::int32_t y) const
{
    for (std::int32_t i = 0; i < window.height; ++i) {
        auto const row = static_cast<std::size_t>(window.y) + static_cast<std::size_t>(i);
        for (auto run = row_starts_[row]; run < row_starts_[row + 1]; ++run) {
            auto const first = std::max(runs_[run].first, window.x),
                       last = std::min(runs_[run].last, window.x + window.width);
            if (first < last)
                std::memset(validity.row(y + i) + x + first - window.x, 0,
                            static_cast<std::size_t>(last - first));
        }
    }
}

} // namespace ardoise
