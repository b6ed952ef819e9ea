// SPDX-License-Identifier: Apache-2.0
// Values that mean: here is nothing.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace ardoise {

/// The nodata values of the bands that are read, one a band, at most 4. Immutable.
class Nodata {
public:
    Nodata() = default;
    /// Says nothing when one of the values is none that samples of `type` can have (-9999 of bytes).
    Nodata(std::span<double const> values, SampleType type);

    bool empty() const { return count_ == 0; }

    /// Sets the validity of `part`: 0 where every band has its nodata (NaN is equal to NaN here), else 255.
    /// Says what it came to.
    Validity mark(MaskedRaster& raster, PixelBox part) const;

private:
    std::array<double, 4> values_{};
    std::size_t count_ = 0;
};

} // namespace ardoise
