// SPDX-License-Identifier: Apache-2.0
// A slab of encoded tiles becomes files.
#pragma once

#include "pyramid/build/slab_assembler.hpp"
#include "pyramid/store/pyramid_writer.hpp"

namespace ardoise {

/// Writes the slab, and masks and lossless twins where a tile has one. `whole_mask` is that of a tile of
/// which all is data. Returns the files.
std::vector<SlabChecksum> write_slab(PyramidWriter& writer, FinishedSlab const& slab, ByteView whole_mask);

} // namespace ardoise
