// SPDX-License-Identifier: Apache-2.0
// Whole TIFF files (TIFF 6.0), little-endian, with one picture and one directory.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace ardoise::tiff {

/// A field of the directory: `values` as they stand in the file, one after the other.
struct Field {
    enum class Type : std::uint16_t { ascii = 2, short_ = 3, long_ = 4, double_ = 12 };

    std::uint16_t tag = 0;
    Type type = Type::short_;
    Bytes values;

    static Field of(std::uint16_t tag, std::span<std::uint16_t const> shorts);
    static Field of(std::uint16_t tag, std::span<std::uint32_t const> longs);
    static Field of(std::uint16_t tag, std::span<double const> doubles);
    static Field of(std::uint16_t tag, std::string_view text_with_nul);
};

/// The picture in strips that are compressed one by one (Adobe Deflate; integers as differences from the
/// pixel to the left). 1 to 4 channels of any type; a second or fourth one of 8 bits is alpha, of other types
/// a value like the rest (near infrared). `further` fields have tags above 339, rising. Throws Failure where
/// the file would pass 4 GB.
Bytes write_file(RasterView pixels, std::span<Field const> further = {});

} // namespace ardoise::tiff
