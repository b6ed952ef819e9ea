// SPDX-License-Identifier: Apache-2.0
// Pixels: owned (Raster), looked at (RasterView), and pixels that know which of them are real (MaskedRaster).
#pragma once

#include "pyramid/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace ardoise {

enum class SampleType : std::uint8_t { uint8, uint16, float32 };

constexpr std::size_t bytes_per_sample(SampleType type)
{
    return type == SampleType::uint8 ? 1 : type == SampleType::uint16 ? 2 : 4;
}

/// Whether a sample of that type can have the value (for integers: without rounding).
bool can_hold(SampleType type, double value);

/// Width and height in pixels. Channels are interleaved (chunky), rows run from the top.
struct RasterShape {
    std::int32_t width = 0, height = 0, channels = 1;
    SampleType type = SampleType::uint8;

    std::size_t bytes_per_pixel() const
    {
        return static_cast<std::size_t>(channels) * bytes_per_sample(type);
    }
    std::size_t bytes_per_row() const { return static_cast<std::size_t>(width) * bytes_per_pixel(); }
    std::size_t bytes() const { return static_cast<std::size_t>(height) * bytes_per_row(); }
    friend bool operator==(RasterShape const&, RasterShape const&) = default;
};

/// A rectangle of pixels inside a raster: x runs right, y runs down, half-open.
struct PixelBox {
    std::int32_t x = 0, y = 0, width = 0, height = 0;
    friend bool operator==(PixelBox const&, PixelBox const&) = default;
};

/// Pixels that somebody else owns. Pass it by value; it never outlives the owner.
struct RasterView {
    RasterShape shape;
    std::byte const* first = nullptr;
    std::size_t stride = 0; // bytes from one row's first sample to the next row's

    template <typename Sample = std::uint8_t>
    Sample const* row(std::int32_t y) const
    {
        return reinterpret_cast<Sample const*>(first + static_cast<std::size_t>(y) * stride);
    }
    /// The part of it inside `box`, which must lie within the raster. No copy.
    RasterView crop(PixelBox box) const;
};

/// Pixels, owned, packed without padding. Moves are cheap; a copy is asked for with clone().
class Raster {
public:
    Raster() = default;
    /// All samples zero.
    explicit Raster(RasterShape shape);
    /// Samples of any value, for who writes every one of them: clearing them first would be in vain.
    static Raster unwritten(RasterShape shape);
    Raster(Raster&&) noexcept = default;
    Raster& operator=(Raster&&) noexcept = default;

    RasterShape const& shape() const { return shape_; }
    bool empty() const { return bytes().empty(); }
    RasterView view() const;
    ByteView bytes() const { return {bytes_.get(), size()}; }
    std::span<std::byte> bytes() { return {bytes_.get(), size()}; }
    template <typename Sample = std::uint8_t>
    Sample* row(std::int32_t y)
    {
        return reinterpret_cast<Sample*>(bytes_.get() + static_cast<std::size_t>(y) * shape_.bytes_per_row());
    }
    template <typename Sample = std::uint8_t>
    Sample const* row(std::int32_t y) const
    {
        return reinterpret_cast<Sample const*>(bytes_.get() +
                                               static_cast<std::size_t>(y) * shape_.bytes_per_row());
    }
    Raster clone() const;

private:
    Raster(RasterShape shape, std::unique_ptr<std::byte[]> bytes);
    std::size_t size() const { return bytes_ ? shape_.bytes() : 0; }

    RasterShape shape_;
    std::unique_ptr<std::byte[]> bytes_;
};

/// Copies all of `from` to `to` at (x, y); what falls outside is left out. Same channels and sample type.
void paste(RasterView from, Raster& to, std::int32_t x, std::int32_t y);

/// Pixels and their validity, looked at. A validity without rows (`first` null) says that all is data.
struct MaskedView {
    RasterView pixels, validity;

    bool all_valid() const { return validity.first == nullptr; }
    MaskedView crop(PixelBox box) const;
};

/// Pixels with their validity: one uint8 channel, 0 where there is no data, 255 where all of the pixel is
/// data, between them the share of it that is (at the edge of a reduced level). A validity without pixels
/// says that all is data.
struct MaskedRaster {
    Raster pixels;
    Raster validity;

    MaskedRaster() = default;
    /// Nothing valid, all samples zero.
    explicit MaskedRaster(RasterShape shape);
    MaskedView view() const { return {pixels.view(), validity.view()}; }
};

/// The validity of a raster of that shape in which all is data.
Raster full_validity(RasterShape const& shape);

enum class Validity { none, partial, full };
/// Whether none, some or all of the pixels are data.
Validity validity_of(MaskedView view);

} // namespace ardoise
