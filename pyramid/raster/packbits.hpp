// SPDX-License-Identifier: Apache-2.0
// PackBits, the run-length code of TIFF (TIFF 6.0, section 9).
#pragma once

#include "pyramid/base/bytes.hpp"

namespace ardoise {

/// Appends one row, packed. TIFF wants every row packed by itself.
void append_packbits(Bytes& out, ByteView row);

/// Fills `out` with what is unpacked. False where the bytes end before that or a run goes beyond it.
bool read_packbits(ByteView packed, std::span<std::byte> out);

} // namespace ardoise
