// SPDX-License-Identifier: Apache-2.0
// A slab made from its tiles.
#pragma once

#include "pyramid/store/slab_layout.hpp"

#include <span>

namespace ardoise {

/// The whole file: header, index, tiles in ascending order on multiples of 16, checksums. `tiles` are row by
/// row, as many as the layout says; an empty one holds nothing and takes no room. Pure: same tiles, same
/// bytes. Throws Failure when the file would pass the 4 GiB that its 32-bit offsets reach.
Bytes assemble_slab(SlabLayout const& layout, std::span<ByteView const> tiles);
Bytes assemble_slab(SlabLayout const& layout, std::span<Bytes const> tiles);

} // namespace ardoise
