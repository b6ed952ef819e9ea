// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/zlib.hpp"

#include "pyramid/base/failure.hpp"

#include <libdeflate.h>

#include <memory>
#include <new>

namespace ardoise {

namespace {

struct Freed {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
    void operator()(libdeflate_decompressor* decompressor) const
    {
        libdeflate_free_decompressor(decompressor);
    }
};

/// This thread's compressor, made anew only when another level is asked for than the last time.
libdeflate_compressor* compressor(int level)
{
    if (level < 1 || level > 12)
        fail("zlib: level is {}, expected 1 to 12", level);
    thread_local std::unique_ptr<libdeflate_compressor, Freed> kept;
    thread_local int kept_level = 0;
    if (kept_level != level) {
        kept.reset(libdeflate_alloc_compressor(level));
        kept_level = kept ? level : 0;
    }
    if (!kept)
        throw std::bad_alloc{};
    return kept.get();
}

libdeflate_decompressor* decompressor()
{
    thread_local std::unique_ptr<libdeflate_decompressor, Freed> const kept{libdeflate_alloc_decompressor()};
    if (!kept)
        throw std::bad_alloc{};
    return kept.get();
}

} // namespace

void append_zlib(Bytes& out, ByteView bytes, int level)
{
    auto* const worker = compressor(level);
    // Compressed beside, so that `out` never owns more memory than it needs.
    std::size_t const bound = libdeflate_zlib_compress_bound(worker, bytes.size());
    auto const beside = std::make_unique_for_overwrite<std::byte[]>(bound);
    std::size_t const size =
        libdeflate_zlib_compress(worker, bytes.data(), bytes.size(), beside.get(), bound);
    out.reserve(out.size() + size);
    out.insert(out.end(), beside.get(), beside.get() + size);
}

bool read_zlib(ByteView stream, std::span<std::byte> out)
{
    return libdeflate_zlib_decompress(decompressor(), stream.data(), stream.size(), out.data(), out.size(),
                                      nullptr) == LIBDEFLATE_SUCCESS;
}

std::uint32_t crc32(ByteView bytes)
{
    return libdeflate_crc32(0, bytes.data(), bytes.size());
}

} // namespace ardoise
