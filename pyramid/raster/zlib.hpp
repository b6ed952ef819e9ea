// SPDX-License-Identifier: Apache-2.0
// zlib and gzip streams (RFC 1950 and 1952) and the checksum that PNG and gzip share.
#pragma once

#include "pyramid/base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace ardoise {

/// Appends `bytes` to `out` as one zlib stream; level 1 to 12.
void append_zlib(Bytes& out, ByteView bytes, int level);

/// Fills `out` from a zlib stream. False where the stream is malformed or holds more or less than fits; bytes
/// that follow the stream are left alone.
bool read_zlib(ByteView stream, std::span<std::byte> out);

/// Appends `bytes` to `out` as one gzip member; level 1 to 12. Same bytes, same stream.
void append_gzip(Bytes& out, ByteView bytes, int level);

/// What a stream of one gzip member holds; nothing where it is malformed or declares more than `most` bytes.
std::optional<Bytes> read_gzip(ByteView stream, std::size_t most);

std::uint32_t crc32(ByteView bytes);

} // namespace ardoise
