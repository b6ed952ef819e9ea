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

/// Compressed beside, so that `out` never owns more memory than it needs.
template <typename Bound, typename Compress>
void append(Bytes& out, ByteView bytes, int level, Bound bound_of, Compress compress)
{
    auto* const worker = compressor(level);
    std::size_t const bound = bound_of(worker, bytes.size());
    auto const beside = std::make_unique_for_overwrite<std::byte[]>(bound);
    std::size_t const size = compress(worker, bytes.data(), bytes.size(), beside.get(), bound);
    out.reserve(out.size() + size);
    out.insert(out.end(), beside.get(), beside.get() + size);
}

} // namespace

void append_zlib(Bytes& out, ByteView bytes, int level)
{
    append(out, bytes, level, libdeflate_zlib_compress_bound, libdeflate_zlib_compress);
}

void append_gzip(Bytes& out, ByteView bytes, int level)
{
    append(out, bytes, level, libdeflate_gzip_compress_bound, libdeflate_gzip_compress);
}

bool read_zlib(ByteView stream, std::span<std::byte> out)
{
    return libdeflate_zlib_decompress(decompressor(), stream.data(), stream.size(), out.data(), out.size(),
                                      nullptr) == LIBDEFLATE_SUCCESS;
}

std::optional<Bytes> read_gzip(ByteView stream, std::size_t most)
{
    constexpr std::size_t least = 18; // bytes of a member's header and trailer
    if (stream.size() < least)
        return std::nullopt;
    // RFC 1952 2.3.1: the size stands in the last four bytes.
    std::size_t const size = read_le<std::uint32_t>(stream, stream.size() - 4);
    if (size > most)
        return std::nullopt;
    Bytes out(size);
    if (libdeflate_gzip_decompress(decompressor(), stream.data(), stream.size(), out.data(), out.size(),
                                   nullptr) != LIBDEFLATE_SUCCESS)
        return std::nullopt;
    return out;
}

std::uint32_t crc32(ByteView bytes)
{
    return libdeflate_crc32(0, bytes.data(), bytes.size());
}

} // namespace ardoise
