// SPDX-License-Identifier: Apache-2.0
// Pixels of plain TIFF files, straight from libtiff.
#pragma once

#include "pyramid/sources/block_cache.hpp"
#include "pyramid/sources/source.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>

struct tiff;

namespace ardoise {

/// A TIFF (6.0, section 15, and BigTIFF) whose blocks hold pixels as a Raster does: all samples of a pixel
/// side by side, of a type that we have. That is what cities deliver; GDAL would take the pixels apart into
/// bands, to put them together again. One thread at a time.
class TiffFile {
public:
    /// Nothing where GDAL has to read the file: samples in planes or of few bits, old codecs, huge strips.
    static std::optional<TiffFile> open(Source const& source, std::shared_ptr<BlockCache> cache);

    /// The same pixels as GDAL gives: `window` (inside the image) into the memory of `into`, whose channels
    /// are `bands`, numbered from 1, at (x, y). False when the file leaves out a block of it, which GDAL
    /// knows how to fill. Throws Failure naming the file, whatever libtiff finds fault with.
    bool read(PixelBox window, std::span<int const> bands, Raster& into, std::int32_t x, std::int32_t y);

private:
    struct Closer {
        void operator()(tiff* file) const;
    };

    TiffFile(Source const& source, std::shared_ptr<BlockCache> cache);
    bool is_plain(Source const& source);
    BlockCache::Block block(std::uint32_t number);
    BlockCache::Block decode(std::uint32_t number);
    std::int64_t bytes_of(std::uint32_t number) const;

    std::filesystem::path path_;
    std::shared_ptr<BlockCache> cache_;
    std::uint32_t number_ = 0;               // that the cache gives the file
    std::unique_ptr<std::string> complaint_; // libtiff's first; it has the address
    std::unique_ptr<tiff, Closer> file_;
    bool tiled_ = false;
    std::int32_t height_ = 0, block_width_ = 0, block_height_ = 0, blocks_across_ = 0; // pixels, blocks
    std::size_t bytes_per_sample_ = 0, bytes_per_pixel_ = 0;
};

} // namespace ardoise
