// SPDX-License-Identifier: Apache-2.0
// Sources that share one grid, seen as a single image.
#pragma once

#include "pyramid/sources/box_index.hpp"
#include "pyramid/sources/source_reader.hpp"

#include <vector>

namespace ardoise {

/// A grid of pixels over a whole CRS. It hangs on the CRS, not on a source: whichever of the sources on one
/// grid it is made from, it is the same to the bit, so that a mosaic that lost or gained sources gives the
/// same pixels as one made anew. For that, pixel sizes are rounded to 12 digits where only noise is lost
/// (less than 1e-13 of the size), else to 15; and pixel (0, 0) is the one whose corner (left, top) lies at
/// the origin of the CRS or less than a pixel to the east and north of it, by a fraction rounded to 1e-4
/// pixels, below 1e-3 to 0. Sources whose sizes differ by more than that noise, but by so little that holds()
/// takes them, get the grid of the first of them.
struct Lattice {
    /// Pixels that are closer to one another than this are one; in pixels.
    static constexpr double same_pixel = 1e-3;

    Crs crs;
    double pixel_width = 0, pixel_height = 0; // CRS units, above 0; rows run south
    double left = 0, top = 0;                 // outer corner of pixel (0, 0)

    struct Place {
        std::int64_t x = 0, y = 0;
    };

    /// The grid of one source.
    static Lattice of(Source const& source);
    /// Whether all pixels of `source` fall on this grid, within a thousandth of a pixel.
    bool holds(Source const& source) const;
    /// Of the source's first pixel.
    Place place_of(Source const& source) const;
};

/// A rectangle of a mosaic's pixels: x runs right, y runs down, half-open; it may start anywhere.
struct MosaicWindow {
    std::int64_t x = 0, y = 0, width = 0, height = 0;
};

/// Sources of one CRS and pixel size whose pixels fall on one another. Where they overlap the later one lies
/// on top. A window finds its sources without looking at the others. Immutable: safe to share.
class Mosaic {
public:
    /// `sources`, in their order, all of which `lattice` holds.
    Mosaic(Lattice lattice, std::vector<Source> sources);

    Crs const& crs() const { return lattice_.crs; }
    double pixel_width() const { return lattice_.pixel_width; }
    double pixel_height() const { return lattice_.pixel_height; }
    /// Outer corner of pixel (0, 0).
    double left() const { return lattice_.left; }
    double top() const { return lattice_.top; }
    std::vector<Source> const& sources() const { return sources_; }

    /// Whether a source lies under the window.
    bool touches(MosaicWindow const& window) const;

    /// Fills all of `into`, whatever it held, with the window of its size at (x, y): pixels go straight from
    /// GDAL to its memory, but where a source that is not all data lies over another. Where no source lies
    /// nothing is valid and samples are 0. `into` has a channel for each of `bands`. Says how much is data.
    Validity read(SourceReader& reader, std::int64_t x, std::int64_t y, std::span<int const> bands,
                  MaskedRaster& into) const;
    /// The same, as a raster of its own.
    MaskedRaster read(SourceReader& reader, MosaicWindow const& window, std::span<int const> bands) const;

    /// The window with its sides halved `halvings` times: each pixel is the mean of 2^n x 2^n pixels of the
    /// mosaic, weighted by their validity (reduce_2x2, n times). All four numbers of the window are multiples
    /// of 2^n. However large the window, pixels are read in pieces: memory is that of the result and 10 MB a
    /// halving or so.
    MaskedRaster read_halved(SourceReader& reader, MosaicWindow const& window, std::span<int const> bands,
                             int halvings) const;

private:
    /// Where a source meets a window.
    struct Part {
        std::size_t source = 0;
        PixelBox box;              // of the source's pixels
        std::int32_t x = 0, y = 0; // of the window's
    };

    std::vector<Part> parts_under(MosaicWindow const& window) const;
    void halve_into(SourceReader& reader, MosaicWindow const& window, std::span<int const> bands,
                    int halvings, MaskedRaster& into) const;

    Lattice lattice_;
    std::vector<Source> sources_;
    std::vector<Lattice::Place> places_;
    BoxIndex index_; // of the sources, in pixels of the lattice
};

/// Lays `top` over `bottom` at (x, y): where it is wholly valid it replaces, where partly it is blended by
/// its validity. Same channels and sample type.
void lay_over(MaskedRaster const& top, MaskedRaster& bottom, std::int32_t x, std::int32_t y);

} // namespace ardoise
