// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/slab_files.hpp"

#include "pyramid/store/slab_writer.hpp"

namespace ardoise {

namespace {

SlabLayout exact_layout(SlabLayout layout)
{
    layout.format = *exact_twin(layout.format);
    return layout;
}

} // namespace

std::vector<SlabChecksum> write_slab(PyramidWriter& writer, FinishedSlab const& slab, ByteView whole_mask)
{
    auto const& level = writer.pyramid().levels[slab.level];
    auto const layout = writer.pyramid().layout(level, slab.slab);
    auto const count = layout.tile_count();
    std::vector<ByteView> data(count), masks(count), exact(count);
    bool any_mask = false, any_exact = false;
    for (auto const& tile : slab.tiles) {
        auto const within = level.within_slab(tile.tile);
        auto const place = static_cast<std::size_t>(within.row * level.tiles_per_width + within.col);
        data[place] = tile.data;
        masks[place] = tile.mask.empty() ? whole_mask : ByteView{tile.mask};
        exact[place] = tile.exact;
        any_mask = any_mask || !tile.mask.empty();
        any_exact = any_exact || !tile.exact.empty();
    }
    std::vector<SlabChecksum> files;
    files.push_back(writer.write(slab_kind::data, level, slab.slab, assemble_slab(layout, data)));
    if (any_mask)
        files.push_back(
            writer.write(slab_kind::mask, level, slab.slab, assemble_slab(mask_layout(layout), masks)));
    if (any_exact)
        files.push_back(
            writer.write(slab_kind::exact, level, slab.slab, assemble_slab(exact_layout(layout), exact)));
    return files;
}

} // namespace ardoise
