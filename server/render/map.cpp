// SPDX-License-Identifier: Apache-2.0
#include "server/render/map.hpp"

#include "pyramid/raster/bil.hpp"
#include "pyramid/raster/nodata.hpp"
#include "server/catalog/crs_names.hpp"
#include "server/render/geotiff.hpp"
#include "server/render/neighbours.hpp"
#include "server/render/planes.hpp"
#include "server/render/values.hpp"
#include "styles/drawing/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace ardoise {

namespace {

/// Pixels of a map, all of its layers together: two of the largest.
constexpr std::int64_t most_map_pixels = 2LL * largest_map_side * largest_map_side;
/// Changes whenever the same request draws another picture.
constexpr int rendering_version = 5;

/// Whether a picture can be encoded as it is: nothing shines through, and there is no alpha to see to.
bool is_opaque(MaskedRaster const& picture, PictureFormat format)
{
    auto const channels = picture.pixels.shape().channels;
    bool const fits = channels == 3 || (channels == 1 && format != PictureFormat::webp);
    return fits && validity_of(picture.view()) == Validity::full;
}

Raster draw_picture(MapRequest const& request, Caches& caches)
{
    auto const& layers = request.layers;
    auto const frame = request.frame();
    auto lowest = render_layer(layers.front(), frame, caches);
    if (layers.size() == 1 && is_opaque(lowest, request.format))
        return std::move(lowest.pixels);
    Canvas canvas{request.width, request.height};
    canvas.lay(lowest.view());
    for (auto const& layer : std::span{layers}.subspan(1))
        canvas.lay(render_layer(layer, frame, caches).view());
    bool const transparent = request.transparent && has_alpha(request.format);
    return canvas.picture(transparent, request.background);
}

/// The only layer's, in one raster.
Raster draw_values(MapRequest const& request, std::vector<double> const& nodata, Caches& caches)
{
    auto const& layer = *request.layers.front().layer;
    return with_nodata(values_in(layer, request.frame(), caches, resampling_of(layer.pyramid)), nodata);
}

Bytes draw_geotiff(MapRequest const& request, Caches& caches)
{
    auto const frame = request.frame();
    if (!shows_values(request))
        return encode_geotiff(draw_picture(request, caches).view(), frame);
    auto const& pyramid = request.layers.front().layer->pyramid;
    auto const nodata = pyramid.nodata.front(); // GDAL knows one for all channels
    std::vector<double> const of_each(static_cast<std::size_t>(pyramid.channels), nodata);
    return encode_geotiff(draw_values(request, of_each, caches).view(), frame, nodata);
}

Bytes draw_bil(MapRequest const& request, Caches& caches)
{
    auto const& nodata = request.layers.front().layer->pyramid.nodata;
    return bil::encode(draw_values(request, nodata, caches).view());
}

Bytes draw(MapRequest const& request, Caches& caches)
{
    if (request.format == PictureFormat::geotiff)
        return draw_geotiff(request, caches);
    if (shows_values(request))
        return draw_bil(request, caches);
    if (auto const planes = render_planes(request, caches))
        return encode(*planes);
    auto const picture = draw_picture(request, caches);
    return encodes_values(request.layers) ? encode_exactly(picture.view(), request.format)
                                          : encode(picture.view(), request.format);
}

/// What a style drapes over the ground, as it looks by itself; `layer` has such a style.
StyledLayer draped_over(StyledLayer const& layer)
{
    auto const& draped = layer.style->draped;
    auto const& style = draped->styles.front();
    return {style.shown ? style.shown : draped, &style};
}

/// Of all layers that are read for one.
std::string serials_of(StyledLayer const& layer)
{
    auto serials = fmt::format(" {}", layer.layer->serial);
    return layer.style->draped ? serials + " under" + serials_of(draped_over(layer)) : serials;
}

bool is_affordable(StyledLayer const& layer, MapFrame const& frame)
{
    return Sight{*layer.layer, frame}.is_affordable() &&
           (!layer.style->draped || is_affordable(draped_over(layer), frame));
}

} // namespace

std::size_t bytes_beside(std::string const& key)
{
    return 512 + 4 * key.size();
}

MaskedRaster render_layer(StyledLayer const& layer, MapFrame const& frame, Caches& caches)
{
    auto const& pyramid = layer.layer->pyramid;
    auto const margin = margin_of(layer, frame);
    auto const resampling = may_be_blended(*layer.style) ? resampling_of(pyramid) : Resampling::near;
    auto values = values_in(*layer.layer, grown(frame, margin), caches, resampling);
    auto const ground = ground_of(frame, margin);
    if (layer.style->draped)
        return drape(*layer.style, values.view(), ground, render_layer(draped_over(layer), frame, caches));
    return picture_of(pyramid, *layer.style, std::move(values), ground);
}

bool encodes_values(std::vector<StyledLayer> const& layers)
{
    return std::any_of(layers.begin(), layers.end(),
                       [](StyledLayer const& styled) { return styled.style->encodes_values(); });
}

bool shows_values(MapRequest const& request)
{
    if (value_type(request.format))
        return true;
    auto const& [layer, style] = request.layers.front();
    return request.format == PictureFormat::geotiff && request.layers.size() == 1 && style->shows_values() &&
           layer->pyramid.format.type != SampleType::uint8;
}

std::string rendering_facts(StyledLayer const& layer)
{
    auto facts = fmt::format("{} {:016x} {} {:016x}", rendering_version, layer.layer->fingerprint,
                             layer.layer->name, hash_of(as_bytes(layer.style->definition)));
    if (layer.style->draped)
        facts += " under " + rendering_facts(draped_over(layer));
    return facts;
}

bool is_affordable(MapRequest const& request)
{
    auto const pixels = std::int64_t{request.width} * request.height;
    if (pixels * static_cast<std::int64_t>(request.layers.size()) > most_map_pixels)
        return false;
    return std::all_of(request.layers.begin(), request.layers.end(),
                       [&](StyledLayer const& styled) { return is_affordable(styled, request.frame()); });
}

std::string facts_of(MapRequest const& map)
{
    auto facts =
        fmt::format("{} {} {} {} {} {}x{} {} {} {}-{}-{}", identity_of(map.crs), map.box.min_x, map.box.min_y,
                    map.box.max_x, map.box.max_y, map.width, map.height, name_of(map.format), map.transparent,
                    map.background.red, map.background.green, map.background.blue);
    for (auto const& layer : map.layers)
        facts += " " + rendering_facts(layer);
    return facts;
}

std::string key_of(MapRequest const& map)
{
    auto key = facts_of(map);
    for (auto const& layer : map.layers) // after a reload slabs may be other files
        key += serials_of(layer);
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
