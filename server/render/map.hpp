// SPDX-License-Identifier: Apache-2.0
// Maps: any box, size and CRS, from one or several layers.
#pragma once

#include "cache/slab_cache.hpp"
#include "server/catalog/layer.hpp"
#include "server/render/picture_format.hpp"

namespace ardoise {

struct Colour {
    std::uint8_t red = 255, green = 255, blue = 255;
    friend bool operator==(Colour const&, Colour const&) = default;
};

/// One layer of a map, in one of its styles.
struct StyledLayer {
    std::shared_ptr<Layer const> layer;
    Style const* style = nullptr; // one of the layer's
};

/// A valid request for a map: sizes are checked, names are found, axes are x,y.
struct MapRequest {
    std::vector<StyledLayer> layers; // the first lies at the bottom
    Crs crs;
    BoundingBox box;
    std::int32_t width = 0, height = 0;
    PictureFormat format = PictureFormat::png;
    bool transparent = false;
    Colour background;
};

/// The largest side of a map, in pixels: published as MaxWidth and MaxHeight.
inline constexpr std::int32_t largest_map_side = 4096;

/// What of a layer shows in a map, as text for a tag: its tiles, its style, and how this version of the
/// server draws.
std::string rendering_facts(StyledLayer const& layer);

/// Whether the map's cost is within bounds: pixels of all layers together, and those to decode for each. Else
/// it must be refused before anything is allocated.
bool is_affordable(MapRequest const& request);

/// The encoded picture. Takes time: for render threads. Memory is bounded by the largest map and the number
/// of channels.
Bytes render_map(MapRequest const& request, SlabCache& slabs);

/// The pixels of one layer under a box, styled: what render_map() lays over one another.
MaskedRaster render_layer(StyledLayer const& layer, Crs const& crs, BoundingBox const& box,
                          std::int32_t width, std::int32_t height, SlabCache& slabs);

} // namespace ardoise
