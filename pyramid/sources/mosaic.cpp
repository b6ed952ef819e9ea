// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/mosaic.hpp"

#include "pyramid/raster/resample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace ardoise {

namespace {

bool near_integer(double value)
{
    return std::abs(value - std::round(value)) < Lattice::same_pixel;
}

/// 0.0499999999999998 is 0.05, as dalles beside it say. A size that is no such number, as in Web Mercator
/// (0.149291070823808...), keeps its digits: the far side of the world is 2^30 pixels away.
double without_noise(double pixel_size)
{
    auto const rounded = [&](int digits) {
        return std::strtod(fmt::format("{:.{}g}", pixel_size, digits).c_str(), nullptr);
    };
    double const plain = rounded(12);
    return std::abs(plain / pixel_size - 1) < 1e-13 ? plain : rounded(15);
}

/// How far behind a whole number of pixels a coordinate lies, in [0, 1).
double fraction(double pixels)
{
    if (near_integer(pixels))
        return 0;
    double const rounded = std::round((pixels - std::floor(pixels)) * 1e4) / 1e4;
    return rounded < 1 ? rounded : 0;
}

BoundingBox box_of(MosaicWindow const& window)
{
    auto const x = static_cast<double>(window.x), y = static_cast<double>(window.y);
    return {x, y, x + static_cast<double>(window.width), y + static_cast<double>(window.height)};
}

bool overlap(PixelBox const& a, PixelBox const& b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

void clear(MaskedRaster& raster)
{
    for (auto* const part : {&raster.pixels, &raster.validity})
        std::memset(part->bytes().data(), 0, part->bytes().size());
}

template <typename Sample>
void lay_row_over(Sample const* top, std::uint8_t const* top_valid, Sample* bottom,
                  std::uint8_t* bottom_valid, std::int32_t width, std::int32_t channels)
{
    for (std::int32_t x = 0; x < width; ++x, top += channels, bottom += channels) {
        if (top_valid[x] == 0)
            continue;
        double const cover = top_valid[x] / 255.0, below = (1 - cover) * bottom_valid[x] / 255.0;
        for (std::int32_t c = 0; c < channels; ++c) {
            // What weighs nothing is not looked at: it may be NaN.
            double const mixed = below > 0 ? (top[c] * cover + bottom[c] * below) / (cover + below) : top[c];
            bottom[c] = std::is_integral_v<Sample> ? static_cast<Sample>(std::lround(mixed))
                                                   : static_cast<Sample>(mixed);
        }
        bottom_valid[x] = static_cast<std::uint8_t>(std::lround(255 * (cover + below)));
    }
}

template <typename Sample>
void lay_over_as(MaskedRaster const& top, MaskedRaster& bottom, PixelBox part, std::int32_t x, std::int32_t y)
{
    auto const channels = top.pixels.shape().channels;
    auto const row_bytes = static_cast<std::size_t>(part.width) * top.pixels.shape().bytes_per_pixel();
    for (std::int32_t row = part.y; row < part.y + part.height; ++row) {
        auto const* from = top.pixels.row<Sample>(row) + part.x * channels;
        auto const* from_valid = top.validity.row(row) + part.x;
        auto* to = bottom.pixels.row<Sample>(y + row) + (x + part.x) * channels;
        auto* to_valid = bottom.validity.row(y + row) + x + part.x;
        if (std::all_of(from_valid, from_valid + part.width,
                        [](std::uint8_t valid) { return valid == 255; })) {
            std::memcpy(to, from, row_bytes);
            std::memset(to_valid, 255, static_cast<std::size_t>(part.width));
        } else {
            lay_row_over(from, from_valid, to, to_valid, part.width, channels);
        }
    }
}

} // namespace

void lay_over(MaskedRaster const& top, MaskedRaster& bottom, std::int32_t x, std::int32_t y)
{
    auto const shape = top.pixels.shape(), below = bottom.pixels.shape();
    std::int32_t const first_x = std::max(0, -x), first_y = std::max(0, -y);
    PixelBox const part{first_x, first_y, std::min(shape.width, below.width - x) - first_x,
                        std::min(shape.height, below.height - y) - first_y};
    if (part.width <= 0 || part.height <= 0)
        return;
    switch (shape.type) {
    case SampleType::uint8:
        return lay_over_as<std::uint8_t>(top, bottom, part, x, y);
    case SampleType::uint16:
        return lay_over_as<std::uint16_t>(top, bottom, part, x, y);
    case SampleType::float32:
        return lay_over_as<float>(top, bottom, part, x, y);
    }
}

Lattice Lattice::of(Source const& source)
{
    Lattice lattice{.crs = source.crs,
                    .pixel_width = without_noise(source.pixel_width),
                    .pixel_height = without_noise(source.pixel_height)};
    lattice.left = fraction(source.left / lattice.pixel_width) * lattice.pixel_width;
    lattice.top = fraction(source.top / lattice.pixel_height) * lattice.pixel_height;
    return lattice;
}

bool Lattice::holds(Source const& source) const
{
    // Pixel sizes that differ so little that the far end of the source is still on the grid.
    double const reach = static_cast<double>(std::max(source.width, source.height));
    return std::abs(source.pixel_width / pixel_width - 1) * reach < same_pixel &&
           std::abs(source.pixel_height / pixel_height - 1) * reach < same_pixel &&
           near_integer((source.left - left) / pixel_width) &&
           near_integer((top - source.top) / pixel_height) && same_place(source.crs, crs);
}

Lattice::Place Lattice::place_of(Source const& source) const
{
    return {std::llround((source.left - left) / pixel_width),
            std::llround((top - source.top) / pixel_height)};
}

Mosaic::Mosaic(Lattice lattice, std::vector<Source> sources)
    : lattice_{std::move(lattice)}, sources_{std::move(sources)}
{
    places_.reserve(sources_.size());
    for (auto const& source : sources_)
        places_.push_back(lattice_.place_of(source));
    std::vector<BoundingBox> boxes;
    for (std::size_t i = 0; i < sources_.size(); ++i)
        boxes.push_back(box_of({places_[i].x, places_[i].y, sources_[i].width, sources_[i].height}));
    index_ = BoxIndex{std::move(boxes)};
}

bool Mosaic::touches(MosaicWindow const& window) const
{
    return !index_.meeting(box_of(window)).empty();
}

std::vector<Mosaic::Part> Mosaic::parts_under(MosaicWindow const& window) const
{
    std::vector<Part> parts;
    for (auto const i : index_.meeting(box_of(window))) {
        auto const [x, y] = places_[i];
        auto const left = std::max(x, window.x),
                   right = std::min(x + sources_[i].width, window.x + window.width);
        auto const top = std::max(y, window.y),
                   bottom = std::min(y + sources_[i].height, window.y + window.height);
        parts.push_back(
            {.source = i,
             .box = {static_cast<std::int32_t>(left - x), static_cast<std::int32_t>(top - y),
                     static_cast<std::int32_t>(right - left), static_cast<std::int32_t>(bottom - top)},
             .x = static_cast<std::int32_t>(left - window.x),
             .y = static_cast<std::int32_t>(top - window.y)});
    }
    return parts;
}

Validity Mosaic::read(SourceReader& reader, std::int64_t x, std::int64_t y, std::span<int const> bands,
                      MaskedRaster& into) const
{
    auto const& shape = into.pixels.shape();
    auto const all = std::int64_t{shape.width} * shape.height;
    auto const parts = parts_under({x, y, shape.width, shape.height});
    std::vector<PixelBox> places;
    std::vector<bool> over_another;
    std::int64_t covered = 0;
    for (auto const& part : parts) {
        PixelBox const place{part.x, part.y, part.box.width, part.box.height};
        over_another.push_back(std::any_of(places.begin(), places.end(),
                                           [&](PixelBox const& below) { return overlap(place, below); }));
        covered += std::int64_t{place.width} * place.height;
        places.push_back(place);
    }
    bool const any_over = std::find(over_another.begin(), over_another.end(), true) != over_another.end();
    if (any_over || covered < all)
        clear(into);

    bool none = true, each_full = true, one_fills_it = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const& part = parts[i];
        auto const& source = sources_[part.source];
        Validity found{};
        if (!over_another[i] || reader.is_all_data(source, bands)) {
            found = reader.read(source, part.box, bands, into, part.x, part.y);
        } else {
            MaskedRaster above{{part.box.width, part.box.height, shape.channels, shape.type}};
            found = reader.read(source, part.box, bands, above, 0, 0);
            if (found != Validity::none)
                lay_over(above, into, part.x, part.y);
        }
        none = none && found == Validity::none;
        each_full = each_full && found == Validity::full;
        one_fills_it = one_fills_it ||
                       (found == Validity::full && std::int64_t{part.box.width} * part.box.height == all);
    }
    if (none)
        return Validity::none;
    if (one_fills_it)
        return Validity::full;
    if (any_over)
        return validity_of(into.view());
    return each_full && covered == all ? Validity::full : Validity::partial;
}

MaskedRaster Mosaic::read(SourceReader& reader, MosaicWindow const& window, std::span<int const> bands) const
{
    MaskedRaster result{{static_cast<std::int32_t>(window.width), static_cast<std::int32_t>(window.height),
                         static_cast<std::int32_t>(bands.size()), sources_.front().type}};
    read(reader, window.x, window.y, bands, result);
    return result;
}

/// Fills `into`, which is clear, with `window`, whose numbers count pixels that are halved already.
void Mosaic::halve_into(SourceReader& reader, MosaicWindow const& window, std::span<int const> bands,
                        int halvings, MaskedRaster& into) const
{
    if (halvings == 0) {
        read(reader, window.x, window.y, bands, into);
        return;
    }
    constexpr std::int64_t piece = 512;
    for (std::int64_t y = 0; y < window.height; y += piece)
        for (std::int64_t x = 0; x < window.width; x += piece) {
            MosaicWindow const finer{2 * (window.x + x), 2 * (window.y + y),
                                     2 * std::min(piece, window.width - x),
                                     2 * std::min(piece, window.height - y)};
            auto const scale = std::int64_t{1} << (halvings - 1);
            if (!touches({finer.x * scale, finer.y * scale, finer.width * scale, finer.height * scale}))
                continue;
            MaskedRaster pixels{{static_cast<std::int32_t>(finer.width),
                                 static_cast<std::int32_t>(finer.height), into.pixels.shape().channels,
                                 into.pixels.shape().type}};
            halve_into(reader, finer, bands, halvings - 1, pixels);
            reduce_2x2(pixels.view(), into, static_cast<std::int32_t>(x), static_cast<std::int32_t>(y));
        }
}

MaskedRaster Mosaic::read_halved(SourceReader& reader, MosaicWindow const& window, std::span<int const> bands,
                                 int halvings) const
{
    auto const scale = std::int64_t{1} << halvings;
    assert(window.x % scale == 0 && window.y % scale == 0 && window.width % scale == 0 &&
           window.height % scale == 0);
    MosaicWindow const halved{window.x / scale, window.y / scale, window.width / scale,
                              window.height / scale};
    MaskedRaster result{{static_cast<std::int32_t>(halved.width), static_cast<std::int32_t>(halved.height),
                         static_cast<std::int32_t>(bands.size()), sources_.front().type}};
    halve_into(reader, halved, bands, halvings, result);
    return result;
}

} // namespace ardoise
