// SPDX-License-Identifier: Apache-2.0
// A product's tiles: some of the bands, in the product's format, with mask and lossless twin.
#pragma once

#include "pyramid/build/plan.hpp"
#include "pyramid/store/pyramid.hpp"

#include <span>

namespace ardoise {

/// The format in which tiles of a product are stored. Throws Failure when there is none for its bands and
/// samples.
TileFormat storage_format(Product const& product, SampleType type);

/// The lossless twin of a format, or nothing when it is lossless itself.
std::optional<TileFormat> exact_twin(TileFormat const& format);

/// The validity of a tile's pixels from its stored mask; an empty one says that all of them are data. Throws
/// Failure when the mask is anything else than one of tiles of `shape`.
Raster decode_mask(ByteView mask, RasterShape const& shape);

/// A tile as it will be stored.
struct EncodedTile {
    std::size_t level = 0; // number in the plan
    TileIndex tile;
    Bytes data;
    Bytes mask;  // empty: all of it is data
    Bytes exact; // of roots and crown, when the format is lossy

    bool empty() const { return data.empty(); }
};

/// Immutable; safe to share between threads.
class TileEncoder {
public:
    /// `channels` picks the product's among those of the pixels that it gets.
    TileEncoder(Pyramid const& pyramid, std::vector<int> channels, int quality);

    /// Only the product's channels; what is not data gets the pyramid's nodata.
    MaskedRaster pick(MaskedView tile) const;
    /// Nothing when no pixel is data.
    std::optional<EncodedTile> encode(std::size_t level, TileIndex tile, MaskedView pixels,
                                      bool with_exact) const;
    /// A tile without any data: all nodata, and a mask that says so.
    EncodedTile blank() const;
    /// The pixels of a root or crown tile that was encoded with its twin, just as they were.
    MaskedRaster decode(EncodedTile const& tile) const;

private:
    Raster pick_pixels(MaskedView tile) const;
    Bytes encode_data(MaskedView tile, Validity validity) const;
    /// Whether pixels of `shape` can be encoded without picking channels first.
    bool fits_as_it_is(RasterShape const& shape) const;

    RasterShape shape_;
    TileFormat format_;
    std::optional<TileFormat> exact_;
    std::vector<int> channels_;
    std::vector<double> nodata_;
    int quality_;
};

} // namespace ardoise
