// SPDX-License-Identifier: Apache-2.0
// One product of a build: tiles of patches in, slabs out, up to the descriptor.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/build/journal.hpp"
#include "pyramid/build/slab_assembler.hpp"
#include "pyramid/build/standing_pyramid.hpp"
#include "pyramid/build/tile_tree.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace ardoise {

/// Which part of a pyramid a builder makes.
struct BuildScope {
    std::vector<Patch> patches; // that will be delivered
    /// Where all other tiles come from; null: there are none.
    std::shared_ptr<StandingPyramid const> standing = nullptr;
    std::int64_t revision = 1;
    /// The number of this process's share, where several processes bake the patches of one pyramid and
    /// another one assembles them.
    std::optional<std::size_t> piece = std::nullopt;
    Purpose purpose = piece ? Purpose::piece : Purpose::revision;
};

/// What baking a patch has given for one product.
struct PatchTiles {
    std::vector<EncodedTile> tiles;   // that hold something
    std::optional<MaskedRaster> root; // pixels of the tile on top, for the crown
};

/// encode() and deliver() are safe to call from several threads.
class ProductBuilder {
public:
    /// Goes on where killed builders of the same recipe stopped.
    ProductBuilder(Product const& product, PreparedBuild const& prepared, BuildScope scope);

    Product const& product() const { return product_; }
    /// Patches that need not be baked any more.
    std::set<Patch> const& done() const { return done_; }
    /// Encodes one tile of a patch, if it has any data.
    void encode(std::size_t level, TileIndex tile, MaskedView pixels, PatchTiles& into) const;
    /// Takes all tiles of a patch. Writes the slabs that are complete now.
    void deliver(Patch const& patch, PatchTiles patch_tiles);
    /// All patches have been delivered: publishes the pyramid. `before_naming` is called when every slab lies
    /// in folder(), for what else belongs there.
    PyramidWriter::Published publish(std::function<void()> const& before_naming);

    /// All patches have been delivered: the files that came out of them, and where they lie.
    std::vector<SlabChecksum> files() const { return writer_.files(); }
    std::filesystem::path const& folder() const { return writer_.folder(); }
    Pyramid const& pyramid() const { return writer_.pyramid(); }
    /// Whether what is done stays when the builder ends without having published.
    void keep(bool kept = true) { writer_.keep(kept); }

private:
    void replay(std::filesystem::path const& journal);
    void grow_crown(Patch const& patch, std::optional<MaskedRaster> root);
    bool is_root_with_parents(std::size_t level) const;
    bool stays_within(EncodedTile const& tile) const;
    bool is_rebuilt(std::size_t level, TileIndex tile) const;
    std::optional<EncodedTile> standing_tile(std::size_t level, TileIndex tile) const;
    std::optional<MaskedRaster> standing_pixels(std::size_t level, TileIndex tile) const;
    void add_standing_tiles(FinishedSlab& slab) const;
    void fill_up(FinishedSlab& slab) const;
    void link_untouched_slabs();
    std::vector<SlabChecksum> write(FinishedSlab slab);
    std::string const& matrix_id(std::size_t level) const { return writer_.pyramid().levels[level].id; }

    BuildPlan const& plan_;
    BuildScope const scope_;
    Product const product_;
    std::size_t const source_count_;
    std::string const unit_; // of the sources' values; empty: they do not agree, or do not say
    Json const meaning_;     // what else the descriptor says of them
    PyramidWriter writer_;
    TileEncoder const from_sources_, from_own_; // which channels they get
    Bytes const whole_mask_;                    // of a tile that is all data
    EncodedTile const blank_;                   // of one that is none
    bool const stores_blanks_;
    std::vector<std::set<TileIndex>> const rebuilt_; // roots and crown
    SlabAssembler assembler_;
    TileTree crown_;
    std::set<Patch> done_;
    std::optional<Journal> journal_;
};

} // namespace ardoise
