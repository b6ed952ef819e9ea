// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/raster.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace ardoise {

bool can_hold(SampleType type, double value)
{
    bool const whole = value >= 0 && value == std::floor(value);
    switch (type) {
    case SampleType::uint8:
        return whole && value <= 255;
    case SampleType::uint16:
        return whole && value <= 65535;
    case SampleType::float32:
        break;
    }
    return true;
}

namespace {

[[maybe_unused]] bool lies_within(PixelBox box, RasterShape const& shape)
{
    return box.x >= 0 && box.y >= 0 && box.width >= 0 && box.height >= 0 &&
           box.x <= shape.width - box.width && box.y <= shape.height - box.height;
}

/// The lowest and the highest of a row of bytes.
struct Extremes {
    std::uint8_t lowest = 255, highest = 0;
};

Extremes extremes_of(std::uint8_t const* row, std::int32_t width, Extremes so_far)
{
    for (std::int32_t x = 0; x < width; ++x) {
        so_far.lowest = std::min(so_far.lowest, row[x]);
        so_far.highest = std::max(so_far.highest, row[x]);
    }
    return so_far;
}

} // namespace

RasterView RasterView::crop(PixelBox box) const
{
    assert(lies_within(box, shape));
    auto const offset =
        static_cast<std::size_t>(box.y) * stride + static_cast<std::size_t>(box.x) * shape.bytes_per_pixel();
    return {{box.width, box.height, shape.channels, shape.type}, first + offset, stride};
}

Raster::Raster(RasterShape shape) : Raster{shape, std::make_unique<std::byte[]>(shape.bytes())} {}

Raster::Raster(RasterShape shape, std::unique_ptr<std::byte[]> bytes)
    : shape_{shape}, bytes_{std::move(bytes)}
{
}

Raster Raster::unwritten(RasterShape shape)
{
    return {shape, std::make_unique_for_overwrite<std::byte[]>(shape.bytes())};
}

RasterView Raster::view() const
{
    return {shape_, bytes_.get(), shape_.bytes_per_row()};
}

Raster Raster::clone() const
{
    auto copy = unwritten(shape_);
    std::ranges::copy(bytes(), copy.bytes().begin());
    return copy;
}

void paste(RasterView from, Raster& to, std::int32_t x, std::int32_t y)
{
    assert(from.shape.channels == to.shape().channels && from.shape.type == to.shape().type);
    std::int64_t const left = std::max(0, x),
                       right = std::min(std::int64_t{x} + from.shape.width, std::int64_t{to.shape().width});
    std::int64_t const top = std::max(0, y), bottom = std::min(std::int64_t{y} + from.shape.height,
                                                               std::int64_t{to.shape().height});
    if (left >= right || top >= bottom)
        return;
    auto const pixel = to.shape().bytes_per_pixel();
    auto const length = static_cast<std::size_t>(right - left) * pixel;
    for (auto row = top; row < bottom; ++row) {
        auto const* source = from.row<std::byte>(static_cast<std::int32_t>(row - y)) +
                             static_cast<std::size_t>(left - x) * pixel;
        std::memcpy(to.row<std::byte>(static_cast<std::int32_t>(row)) +
                        static_cast<std::size_t>(left) * pixel,
                    source, length);
    }
}

MaskedView MaskedView::crop(PixelBox box) const
{
    return {pixels.crop(box), all_valid() ? validity : validity.crop(box)};
}

MaskedRaster::MaskedRaster(RasterShape shape) : pixels{shape}, validity{{shape.width, shape.height}} {}

Raster full_validity(RasterShape const& shape)
{
    auto validity = Raster::unwritten({shape.width, shape.height});
    std::ranges::fill(validity.bytes(), std::byte{255});
    return validity;
}

Validity validity_of(MaskedView view)
{
    if (view.all_valid())
        return Validity::full;
    Extremes found;
    for (std::int32_t y = 0; y < view.validity.shape.height; ++y) {
        found = extremes_of(view.validity.row(y), view.validity.shape.width, found);
        if (found.lowest < 255 && found.highest > 0)
            return Validity::partial;
    }
    return found.highest == 0 ? Validity::none : Validity::full;
}

} // namespace ardoise
