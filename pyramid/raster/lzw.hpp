// SPDX-License-Identifier: Apache-2.0
// LZW as TIFF has it (TIFF 6.0, section 13): codes of 9 to 12 bits, high bits first, widened one code early.
#pragma once

#include "pyramid/base/bytes.hpp"

namespace ardoise {

Bytes write_lzw(ByteView bytes);

/// Fills `out` from an LZW stream. False where the stream is malformed, ends early or holds more than fits.
bool read_lzw(ByteView stream, std::span<std::byte> out);

} // namespace ardoise
