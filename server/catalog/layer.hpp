// SPDX-License-Identifier: Apache-2.0
// What is published: layers, and the tile matrix sets in which each is offered.
#pragma once

#include "server/catalog/layer_description.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ardoise {

/// A layer offered in a tile matrix set: its own, where stored tiles are sent as they are, or another, where
/// tiles are rendered (save matrices that coincide with a stored level: these are sent as they are, too).
struct TileMatrixSetLink {
    std::shared_ptr<TileMatrixSet const> set;
    std::vector<TileRange> limits;    // one a matrix: the tiles that touch the layer's extent
    std::vector<Level const*> stored; // one a matrix: the level with exactly these tiles, or null
};

struct Series;

/// A layer, immutable once published: safe to share.
struct Layer {
    std::string name;
    LayerDescription description;
    /// By which caches know what is its own: it stays from one reading of the catalog to the next as long as
    /// the layer has the same tiles in the same files, and never comes again after that.
    std::uint64_t serial = 0;
    Pyramid pyramid;
    std::vector<LayerStyle> styles;       // the first is the default
    std::vector<TileMatrixSetLink> links; // the pyramid's own set comes first
    BoundingBox geographic_extent;        // degrees, longitude and latitude
    std::vector<Crs> crs_list;            // in which maps are offered; the pyramid's own comes first
    std::vector<Crs> described_crs;       // those of them in which documents state where the layer lies
    std::chrono::system_clock::time_point modified; // of the descriptor
    std::uint64_t fingerprint =
        0;                   // of the descriptor and of what its slabs hold: the same for the same tiles
    std::uint64_t files = 0; // of where these lie: the same for the same files on the same disk
    /// Of a layer that is a series of others: its pyramid, links and extents are those of all of them, for
    /// documents; what is drawn is one member, chosen by choose(). Null: the layer itself is drawn.
    std::shared_ptr<Series const> series;

    std::string const& title() const { return description.title.empty() ? name : description.title; }
    /// Of its values, as its description says it or else its data; empty: neither does.
    std::string const& unit() const { return description.unit.empty() ? pyramid.unit : description.unit; }
    TileMatrixSetLink const* find_link(std::string_view set_id) const;
    LayerStyle const* find_style(std::string_view identifier) const; // the empty name is the default style's
    /// The set of XYZ addresses and TileJSON: one in Web Mercator, which is what such clients assume.
    TileMatrixSetLink const& web_mercator_link() const;
    /// The ground covered, in one of its systems.
    BoundingBox extent_in(Crs const& crs) const;
    /// The calling thread's way from one of its systems to its own, and back: by one operation for all maps,
    /// the one that PROJ takes in the middle of where both are of use.
    Transform const& transform_from(Crs const& crs) const;
    Transform const& transform_to(Crs const& crs) const;
    /// That middle.
    Place place_of_use(Crs const& crs) const;
    bool is_vector() const { return pyramid.format.compression == TileCompression::vector; }
    /// Whether its values are told.
    bool is_queryable() const { return !is_vector() && description.is_queryable; }
};

/// What is known of a layer's files.
struct Origin {
    std::chrono::system_clock::time_point modified; // the descriptor
    std::uint64_t fingerprint = 0, files = 0;
};

/// What every layer is offered in beside its own, where it makes sense.
struct Offer {
    std::vector<std::shared_ptr<TileMatrixSet const>> sets;
    std::vector<Crs> worldwide_crs, regional_crs; // where they are meant for the ground
};

/// Completes a layer around a pyramid, which is cut to what its description says already: styles, links,
/// extents. `before`: the layer of this name that has been published until now, or null. `series`: what it
/// stands for, if it is one. Throws Failure when its ground cannot be placed on Earth.
std::shared_ptr<Layer const> make_layer(Pyramid pyramid, LayerDescription description, Origin const& origin,
                                        Offer const& further, Layer const* before,
                                        std::shared_ptr<Series const> series = nullptr);

} // namespace ardoise
