// SPDX-License-Identifier: Apache-2.0
// Sources that share one grid, seen as a single image.
#pragma once

#include "pyramid/build/source.hpp"

#include <vector>

namespace ardoise {

/// Sources of one CRS and pixel size whose pixels fall on one another. Its pixel (0, 0) is the first
/// source's; windows may start anywhere. Where sources overlap the later one lies on top. Immutable: safe to
/// share.
class Mosaic {
public:
    explicit Mosaic(Source first);

    /// Whether `source` falls on this grid (within a thousandth of a pixel).
    bool accepts(Source const& source) const;
    void add(Source source);

    Crs const& crs() const { return sources_.front().crs; }
    double pixel_width() const { return sources_.front().pixel_width; }
    double pixel_height() const { return sources_.front().pixel_height; }
    double left() const { return sources_.front().left; }
    double top() const { return sources_.front().top; }
    std::vector<Source> const& sources() const { return sources_; }

    /// `window` in this mosaic's pixels, shrunk by `decimation`; nothing valid where no source lies.
    MaskedRaster read(SourceReader& reader, std::int64_t x, std::int64_t y, std::int64_t width,
                      std::int64_t height, std::span<int const> bands, int decimation) const;

private:
    struct Place {
        std::int64_t x, y; // of the source's first pixel
    };
    std::vector<Source> sources_;
    std::vector<Place> places_;
};

/// Groups sources into mosaics, in the order in which they come.
std::vector<Mosaic> group_by_grid(std::vector<Source> sources);

/// Lays `top` over `bottom` at (x, y): where it is wholly valid it replaces, where partly it is blended by
/// its validity. Same channels and sample type.
void lay_over(MaskedRaster const& top, MaskedRaster& bottom, std::int32_t x, std::int32_t y);

} // namespace ardoise
