// SPDX-License-Identifier: Apache-2.0
// One product of a build: tiles of patches in, slabs out, up to the descriptor.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/build/journal.hpp"
#include "pyramid/build/slab_assembler.hpp"
#include "pyramid/build/tile_tree.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <set>

namespace ardoise {

/// What baking a patch has given for one product.
struct PatchTiles {
    std::vector<EncodedTile> tiles;   // that hold something
    std::optional<MaskedRaster> root; // pixels of the tile on top, for the crown
};

/// encode() and deliver() are safe to call from several threads.
class ProductBuilder {
public:
    /// Goes on where a killed builder of the same recipe stopped.
    ProductBuilder(Product const& product, PreparedBuild const& prepared);

    /// Patches that need not be baked any more.
    std::set<TileIndex> const& done() const { return done_; }
    /// Encodes one tile of a patch, if it has any data.
    void encode(std::size_t level, TileIndex tile, MaskedView pixels, PatchTiles& into) const;
    /// Takes all tiles of a patch. Writes the slabs that are complete now.
    void deliver(TileIndex patch, PatchTiles patch_tiles);
    /// All patches have been delivered: publishes the pyramid.
    PyramidWriter::Published publish();

private:
    void replay(std::filesystem::path const& journal);
    bool stays_within(EncodedTile const& tile) const;
    void grow_crown(TileIndex root, std::optional<MaskedRaster> pixels);
    std::vector<SlabChecksum> write(FinishedSlab const& slab);
    std::size_t place_in_slab(TileIndex tile) const;
    Bytes masks_of(FinishedSlab const& slab, SlabLayout const& layout) const;

    BuildPlan const& plan_;
    Product product_;
    std::size_t source_count_;
    PyramidWriter writer_;
    TileEncoder from_sources_, from_own_; // which channels they get
    Bytes whole_mask_;                    // of a tile that is all data
    SlabAssembler assembler_;
    TileTree crown_;
    std::set<TileIndex> done_;
    std::optional<Journal> journal_;
};

} // namespace ardoise
