// SPDX-License-Identifier: Apache-2.0
// TIFF files as libtiff reads them.
#pragma once

#include "tests/pyramid/raster/paint.hpp"

#include <tiffio.h>

#include <memory>

namespace ardoise::test {

struct Closed {
    void operator()(TIFF* file) const { TIFFClose(file); }
};
using TiffFile = std::unique_ptr<TIFF, Closed>;

/// A TIFF file in memory.
TiffFile open_by_libtiff(Bytes const& bytes);

template <typename Value>
Value field(TIFF* file, std::uint32_t tag)
{
    Value value{};
    CHECK(TIFFGetFieldDefaulted(file, tag, &value) == 1);
    return value;
}

/// The picture, which must be of that shape.
Raster read_by_libtiff(Bytes const& bytes, RasterShape shape);

} // namespace ardoise::test
