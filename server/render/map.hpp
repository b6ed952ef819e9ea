// SPDX-License-Identifier: Apache-2.0
// Maps: any box, size and CRS, from one or several layers.
#pragma once

#include "cache/caches.hpp"
#include "server/catalog/layer.hpp"
#include "server/render/picture_format.hpp"
#include "server/render/sight.hpp"
#include "styles/drawing/canvas.hpp"

namespace ardoise {

/// One layer of a map, in one of its styles.
struct StyledLayer {
    std::shared_ptr<Layer const> layer;
    LayerStyle const* style = nullptr; // one of the layer's, or of one that shows this layer
};

/// A valid request for a map: sizes are checked, names are found, axes are x,y. Formats for values alone take
/// one layer, which has values of that type.
struct MapRequest {
    std::vector<StyledLayer> layers; // the first lies at the bottom
    Crs crs;
    BoundingBox box;
    std::int32_t width = 0, height = 0;
    PictureFormat format = PictureFormat::png;
    bool transparent = false;
    Colour background;

    MapFrame frame() const { return {crs, box, width, height}; }
};

/// The largest side of a map, in pixels: published as MaxWidth and MaxHeight.
inline constexpr std::int32_t largest_map_side = 4096;
/// Layers of a map at the most: published as LayerLimit.
inline constexpr std::size_t most_map_layers = 16;

/// Whether any of them is in a style whose colours are numbers: such a map leaves in a format that can be
/// exact.
bool encodes_values(std::vector<StyledLayer> const& layers);

/// What of a layer shows in a map, as text for a tag: its tiles, its style, what that drapes over it, and how
/// this version of the server draws.
std::string rendering_facts(StyledLayer const& layer);

/// Whether the map's cost is within bounds: pixels of all layers together, and those to decode for each. Else
/// it must be refused before anything is allocated.
bool is_affordable(MapRequest const& request);

/// All that a map depends on, as text for a tag.
std::string facts_of(MapRequest const& map);

/// The same, and the serials of its layers: for caches, and for those who wait for one map together.
std::string key_of(MapRequest const& map);

/// What keeping a map takes beside the map: its key, in the queue and the table that it is in and in those of
/// maps that left lately, and all their nodes.
std::size_t bytes_beside(std::string const& key);

/// Whether the map is values, not colours: in a format that holds nothing else, and as GeoTIFF of one layer
/// of more than 8 bits in a style that shows them as they are. There is no background then, but nodata.
bool shows_values(MapRequest const& request);

/// The encoded picture, the same bytes whatever is in the caches. Of several who ask for the same one at a
/// time, one draws. Takes time: for render threads. Memory is bounded by the largest map and the number of
/// channels.
std::shared_ptr<Bytes const> render_map(MapRequest const& request, Caches& caches);

/// The pixels of one layer in a frame, styled: what render_map() lays over one another. Validity has no
/// pixels of its own where all is data.
MaskedRaster render_layer(StyledLayer const& layer, MapFrame const& frame, Caches& caches);

} // namespace ardoise
