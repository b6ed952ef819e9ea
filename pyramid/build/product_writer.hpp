// SPDX-License-Identifier: Apache-2.0
// One pyramid on its way into the store.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/store/pyramid.hpp"

#include <memory>
#include <utility>

namespace ardoise {

/// The format in which tiles of a product are stored. Throws Failure when there is none for its bands and
/// samples.
TileFormat storage_format(Product const& product, SampleType type);

/// Writes slabs into a hidden folder beside the final one. Without publish() nothing stays. write() is safe
/// to call from several threads.
class ProductWriter {
public:
    ProductWriter(Product const& product, PreparedBuild const& prepared);
    ~ProductWriter();
    ProductWriter(ProductWriter&&) noexcept;

    /// Where a slab of `level` (its number in the plan) lies, and what it holds.
    SlabLayout layout(std::size_t level, TileIndex slab) const;
    /// Encodes and writes one slab, if it has any data.
    void write(std::size_t level, TileIndex slab, MaskedView pixels);
    /// Gives the folder its name, then writes list, checksums and at last the descriptor. Returns slabs and
    /// bytes.
    std::pair<std::size_t, std::uint64_t> publish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace ardoise
