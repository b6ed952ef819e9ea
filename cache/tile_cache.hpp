// SPDX-License-Identifier: Apache-2.0
// Tiles that maps were drawn from, decoded, until others push them out.
#pragma once

#include "cache/loading_cache.hpp"
#include "cache/s3_fifo.hpp"
#include "pyramid/grid/tile_matrix.hpp"
#include "pyramid/raster/codec.hpp"

#include <memory>
#include <variant>

namespace ardoise {

/// Says which tile of which layer. A new revision gets a new serial, so nothing is ever invalidated.
struct TileKey {
    std::uint64_t serial = 0; // the layer's
    std::uint32_t level = 0;  // number in the pyramid
    TileIndex tile;
    friend bool operator==(TileKey const&, TileKey const&) = default;
};

/// A sixteenth of the memory that this process may have, which is the machine's or its control group's, and
/// 64 MB at the least.
std::size_t fitting_tile_cache_bytes();

/// Safe to share. A tile has several forms, each kept for itself once it is asked for: pixels for what is
/// drawn, planes and validity for JPEG that becomes JPEG.
class TileCache {
public:
    /// At most `bytes` of samples; 0 keeps none.
    explicit TileCache(std::size_t bytes) : tiles_{bytes} {}

    using Pixels = std::shared_ptr<MaskedRaster const>;
    using Planes = std::shared_ptr<jpeg::Planes const>;

    /// The tile's pixels, as kept or as `decode()` returns them, a MaskedRaster. Null is never returned.
    template <typename Decode>
    Pixels pixels(TileKey const& key, Decode&& decode)
    {
        return get<Pixels>({key, Form::pixels},
                           [&] { return std::make_shared<MaskedRaster const>(decode()); });
    }
    /// Its validity alone: no pixels where all of the tile is data.
    template <typename Decode>
    Pixels validity(TileKey const& key, Decode&& decode)
    {
        return get<Pixels>({key, Form::validity}, [&] {
            MaskedRaster tile;
            tile.validity = decode();
            return std::make_shared<MaskedRaster const>(std::move(tile));
        });
    }
    /// The same of its planes: `decode()` returns an optional. Null when the tile's JPEG has no such planes,
    /// which is remembered.
    template <typename Decode>
    Planes planes(TileKey const& key, Decode&& decode)
    {
        return get<Planes>({key, Form::planes}, [&]() -> Planes {
            auto decoded = decode();
            return decoded ? std::make_shared<jpeg::Planes const>(*std::move(decoded)) : nullptr;
        });
    }

    std::size_t bytes() const { return tiles_.weight(); }
    CacheCounts counts() const { return tiles_.counts(); }

private:
    enum class Form : std::uint32_t { pixels, validity, planes };
    struct FormKey {
        TileKey tile;
        Form form;
        friend bool operator==(FormKey const&, FormKey const&) = default;
    };
    struct FormKeyHash {
        std::size_t operator()(FormKey const& key) const noexcept;
    };
    using Tile = std::variant<Pixels, Planes>;

    static std::size_t bytes_of(Tile const& tile);

    template <typename Decoded, typename Load>
    Decoded get(FormKey const& key, Load&& load)
    {
        return std::get<Decoded>(tiles_.get(
            key, [&]() -> Tile { return load(); }, bytes_of));
    }

    LoadingCache<S3Fifo<FormKey, Tile, FormKeyHash>> tiles_;
};

} // namespace ardoise
