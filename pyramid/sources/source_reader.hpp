// SPDX-License-Identifier: Apache-2.0
// The pixels of sources, and which of them are data.
#pragma once

#include "pyramid/sources/block_cache.hpp"
#include "pyramid/sources/source.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace ardoise {

/// Reads windows of sources. Keeps a few datasets open; one thread at a time, each worker has its own.
///
/// Bands are numbered from 1. Validity comes from a mask (inside the file or beside it), from alpha, from
/// nodata (a pixel is nothing when all its bands are nodata; a value that the samples cannot have says
/// nothing) and from the edge of SourceOptions::nodata_edge: what any of them takes away is gone. A band
/// that is asked for as data is no alpha. Where validity is 0, samples are whatever the file holds there.
class SourceReader {
public:
    /// `blocks`: shared with the readers of other threads; none: a small one of its own.
    explicit SourceReader(SourceOptions options, std::shared_ptr<BlockCache> blocks = nullptr);
    ~SourceReader();
    SourceReader(SourceReader const&) = delete;
    SourceReader& operator=(SourceReader const&) = delete;

    /// `window` of the source (inside it) straight into the memory of `into`, whose channels are `bands`, at
    /// (x, y); there it fits. Says how much of it is data. Throws Failure naming the file: truncated, or
    /// no longer what was described.
    Validity read(Source const& source, PixelBox window, std::span<int const> bands, MaskedRaster& into,
                  std::int32_t x, std::int32_t y);
    /// The same, as a raster of its own.
    MaskedRaster read(Source const& source, PixelBox window, std::span<int const> bands);

    /// Whether every pixel of the source is data, whatever it holds: known without reading any.
    bool is_all_data(Source const& source, std::span<int const> bands);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// From now on GDAL keeps at most so many bytes of decoded blocks, all readers together: of what is not read
/// by way of a BlockCache.
void limit_gdal_cache(std::uint64_t bytes);

} // namespace ardoise
