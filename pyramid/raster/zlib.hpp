// SPDX-License-Identifier: Apache-2.0
// zlib streams (RFC 1950) and the checksum of PNG.
#pragma once

#include "pyramid/base/bytes.hpp"

#include <cstdint>

namespace ardoise {

/// Appends `bytes` to `out` as one zlib stream; level 1 to 12.
void append_zlib(Bytes& out, ByteView bytes, int level);

/// Fills `out` from a zlib stream. False where the stream is malformed or holds more or less than fits; bytes
/// that follow the stream are left alone.
bool read_zlib(ByteView stream, std::span<std::byte> out);

std::uint32_t crc32(ByteView bytes);

} // namespace ardoise
