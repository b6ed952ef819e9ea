// SPDX-License-Identifier: Apache-2.0
#include "server/render/map.hpp"

#include "pyramid/raster/warp.hpp"
#include "server/render/compose.hpp"
#include "server/render/mosaic.hpp"
#include "server/render/planes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

/// Pixels of a map, all of its layers together: two of the largest.
constexpr std::int64_t most_map_pixels = 2LL * largest_map_side * largest_map_side;
/// Changes whenever the same request draws another picture.
constexpr int rendering_version = 3;

MaskedRaster nothing(std::int32_t width, std::int32_t height, Layer const& layer)
{
    return MaskedRaster{{width, height, layer.pyramid.channels, layer.pyramid.format.type}};
}

MaskedRaster layer_pixels(Layer const& layer, MapFrame const& frame, Caches& caches)
{
    Sight const sight{layer, frame};
    auto const window = sight.window();
    if (window.width == 0)
        return nothing(frame.width, frame.height, layer);
    auto seen = mosaic(layer, sight.level(), window, caches);
    if (!sight.is_parallel())
        return warp(seen.view(), sight.mapping_to(window), frame.width, frame.height, map_resampling);
    auto const under = sight.frame_in(window);
    if (seen.view().all_valid() && is_all_of(under, seen.pixels.shape(), frame.width, frame.height))
        return seen;
    return resample(seen.view(), under, frame.width, frame.height, map_resampling);
}

/// Whether a picture can be encoded as it is: nothing shines through, and there is no alpha to see to.
bool is_opaque(MaskedRaster const& picture, PictureFormat format)
{
    auto const channels = picture.pixels.shape().channels;
    bool const fits = channels == 3 || (channels == 1 && format != PictureFormat::webp);
    return fits && validity_of(picture.view()) == Validity::full;
}

Bytes draw(MapRequest const& request, Caches& caches)
{
    if (auto const planes = render_planes(request, caches))
        return encode(*planes);
    auto const& layers = request.layers;
    auto const frame = request.frame();
    auto const lowest = render_layer(layers.front(), frame, caches);
    if (layers.size() == 1 && is_opaque(lowest, request.format))
        return encode(lowest.pixels.view(), request.format);
    Canvas canvas{request.width, request.height};
    canvas.lay(lowest.view());
    for (auto const& layer : std::span{layers}.subspan(1))
        canvas.lay(render_layer(layer, frame, caches).view());
    bool const transparent = request.transparent && has_alpha(request.format);
    return encode(canvas.picture(transparent, request.background).view(), request.format);
}

/// What keeping a map takes beside the map: its key, in the queue and the table that it is in and in those of
/// maps that left lately, and all their nodes.
std::size_t bytes_beside(std::string const& key)
{
    return 512 + 4 * key.size();
}

} // namespace

MaskedRaster render_layer(StyledLayer const& layer, MapFrame const& frame, Caches& caches)
{
    return apply(*layer.style, layer_pixels(*layer.layer, frame, caches));
}

std::string rendering_facts(StyledLayer const& layer)
{
    return fmt::format("{} {:016x} {} {}", rendering_version, layer.layer->fingerprint, layer.layer->name,
                       layer.style->identifier);
}

bool is_affordable(MapRequest const& request)
{
    auto const pixels = std::int64_t{request.width} * request.height;
    if (pixels * static_cast<std::int64_t>(request.layers.size()) > most_map_pixels)
        return false;
    return std::all_of(request.layers.begin(), request.layers.end(), [&](StyledLayer const& styled) {
        return Sight{*styled.layer, request.frame()}.is_affordable();
    });
}

std::string facts_of(MapRequest const& map)
{
    auto facts =
        fmt::format("{} {} {} {} {} {}x{} {} {} {}-{}-{}", map.crs.code(), map.box.min_x, map.box.min_y,
                    map.box.max_x, map.box.max_y, map.width, map.height, media_type(map.format),
                    map.transparent, map.background.red, map.background.green, map.background.blue);
    for (auto const& layer : map.layers)
        facts += " " + rendering_facts(layer);
    return facts;
}

std::string key_of(MapRequest const& map)
{
    auto key = facts_of(map);
    for (auto const& layer : map.layers)
        key += fmt::format(" {}", layer.layer->serial); // after a reload slabs may be other files
    return key;
}

std::shared_ptr<Bytes const> render_map(MapRequest const& request, Caches& caches)
{
    auto const key = key_of(request);
    return caches.maps.get(
        key, [&] { return std::make_shared<Bytes const>(draw(request, caches)); },
        [&](auto const& map) { return map->size() + bytes_beside(key); });
}

} // namespace ardoise
