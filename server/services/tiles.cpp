// SPDX-License-Identifier: Apache-2.0
#include "server/services/tiles.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/raster/codec.hpp"
#include "server/catalog/crs_names.hpp"
#include "server/services/parameters.hpp"
#include "server/services/picture_to_draw.hpp"
#include "server/services/tile_of_map.hpp"
#include "styles/drawing/overzoom.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace ardoise {

namespace {

constexpr std::string_view tile_cache_control = "public, max-age=86400";

Response image(TileRequest const& wanted, SharedBytes bytes, std::string etag)
{
    return {.media_type = wanted.picture.media_type,
            .body = std::move(bytes),
            .etag = std::move(etag),
            .cache_control = wanted.picture.rendered ? cache_control_of(*wanted.style, tile_cache_control)
                                                     : tile_cache_control,
            .last_modified = wanted.layer->modified};
}

/// What tells it from all other formats.
std::string_view format_of(TilePicture const& picture)
{
    return picture.rendered ? name_of(*picture.rendered) : picture.media_type;
}

RasterShape picture_shape(TileRequest const& wanted)
{
    auto const& matrix = wanted.link->set->matrices[wanted.matrix];
    return {matrix.tile_width * wanted.scale, matrix.tile_height * wanted.scale, 4, SampleType::uint8};
}

/// An empty tile as stored tiles are: nodata in every pixel.
Bytes encode_empty_stored(Layer const& layer, RasterShape shape)
{
    if (layer.is_vector())
        return {}; // a vector tile without layers is no bytes at all (Mapbox Vector Tile 2.1, 4.1)
    auto const& pyramid = layer.pyramid;
    return encode_as_stored(MaskedRaster{{shape.width, shape.height, pyramid.channels, pyramid.format.type}},
                            pyramid);
}

Bytes encode_empty(TileRequest const& wanted)
{
    auto const shape = picture_shape(wanted);
    if (!wanted.picture.rendered)
        return encode_empty_stored(*wanted.layer, shape);
    if (wanted.style->encodes_values()) {
        MaskedRaster nowhere{{shape.width, shape.height, 1, SampleType::float32}};
        return encode_exactly(apply(*wanted.style, std::move(nowhere)).pixels.view(),
                              *wanted.picture.rendered);
    }
    Raster nothing{shape};
    if (!has_alpha(*wanted.picture.rendered))
        std::fill(nothing.bytes().begin(), nothing.bytes().end(), std::byte{255});
    return encode(nothing.view(), *wanted.picture.rendered);
}

/// What an empty tile is made of.
struct EmptyTileKey {
    std::string_view format; // one of ours: constant
    std::int32_t width, height;
    /// Of those that look as stored; else without a name, channels or values.
    std::string_view stored_format;
    int channels;
    std::vector<double> nodata;
    std::string encoding; // of values, in such a style
    friend auto operator<=>(EmptyTileKey const&, EmptyTileKey const&) = default;
};

struct EmptyTile {
    SharedBytes bytes;
    std::string etag;
};

/// Empty tiles are few (a size, a format, a nodata) and asked for often: made once, kept for good.
EmptyTile find_empty_tile(TileRequest const& wanted)
{
    static std::mutex mutex;
    static std::map<EmptyTileKey, EmptyTile> made;
    auto const shape = picture_shape(wanted);
    EmptyTileKey key{format_of(wanted.picture), shape.width, shape.height, {}, 0, {}, {}};
    if (auto const& pyramid = wanted.layer->pyramid; !wanted.picture.rendered) {
        key.stored_format = pyramid.format.name;
        key.channels = pyramid.channels;
        key.nodata = pyramid.nodata;
    } else if (wanted.style->encodes_values()) {
        key.encoding = wanted.style->definition;
    }
    std::scoped_lock const lock{mutex};
    auto found = made.find(key);
    if (found == made.end()) {
        auto const bytes = SharedBytes::owning(encode_empty(wanted));
        found = made.emplace(key, EmptyTile{bytes, tag_of(hash_of(bytes.view))}).first;
    }
    return found->second;
}

Response empty_tile(TileRequest const& wanted)
{
    auto const& format = wanted.layer->pyramid.format;
    auto tile = find_empty_tile(wanted);
    auto response = image(wanted, std::move(tile.bytes), std::move(tile.etag));
    response.headers.emplace_back("OATiles-hint", "empty");
    if (!wanted.picture.rendered && !format.content_encoding.empty())
        response.headers.emplace_back("Content-Encoding", std::string{format.content_encoding});
    return response;
}

/// Whether the stored bytes are the answer: same tiles, same pixels, same format.
Level const* stored_level(TileRequest const& wanted)
{
    bool const as_stored = !wanted.picture.rendered && wanted.scale == 1;
    return as_stored ? wanted.link->stored[wanted.matrix] : nullptr;
}

Response stored_tile(TileRequest const& wanted, Level const& level, std::shared_ptr<Slab const> const& slab)
{
    auto const& layer = *wanted.layer;
    auto const within = level.within_slab(wanted.tile);
    auto const bytes = slab->tile(within);
    auto wrapped = wrap_for_client(bytes, layer.pyramid.format, layer.pyramid.tile_shape(level));
    auto response = image(wanted,
                          wrapped ? SharedBytes::owning(*std::move(wrapped))
                                  : SharedBytes{bytes, slab, slab->place_of(within)},
                          tag_of(slab->tag(within)));
    if (auto const encoding = content_encoding_of(bytes, layer.pyramid.format); !encoding.empty())
        response.headers.emplace_back("Content-Encoding", std::string{encoding});
    return response;
}

/// The same in all sets and styles, as that of a stored tile is; known before there is anything to hash.
std::string tag_of_filled(TileRequest const& wanted, Level const& level)
{
    auto const& layer = wanted.layer;
    auto const facts = fmt::format("filled {} {} {} {}", rendering_facts({layer, &layer->styles.front()}),
                                   level.id, wanted.tile.col, wanted.tile.row);
    return tag_of(hash_of(as_bytes(facts)));
}

/// A tile that is not stored, where it is known what coarser levels have there: null is nothing.
Response filled_tile(TileRequest const& wanted, Level const& level, std::shared_ptr<Bytes const> const& drawn)
{
    if (!drawn)
        return empty_tile(wanted);
    auto response = image(wanted, SharedBytes::of(drawn), tag_of_filled(wanted, level));
    if (auto const encoding = wanted.layer->pyramid.format.content_encoding; !encoding.empty())
        response.headers.emplace_back("Content-Encoding", std::string{encoding});
    return response;
}

std::string key_of_filled(TileRequest const& wanted, Level const& level)
{
    return fmt::format("filled {} {} {} {}", wanted.layer->serial, level.id, wanted.tile.col,
                       wanted.tile.row);
}

/// Draws a tile that is not stored from coarser levels, or finds that these hold nothing either.
Response fill(TileRequest const& wanted, Level const& level, Caches& caches)
{
    if (wanted.layer->is_vector())
        return empty_tile(wanted);
    auto const key = key_of_filled(wanted, level);
    auto const drawn = caches.maps.get(
        key, [&] { return fill_tile(cached(*wanted.layer), level, wanted.tile, caches); },
        [&](auto const& tile) { return bytes_beside(key) + (tile ? tile->size() : 0); });
    return filled_tile(wanted, level, drawn);
}

/// The same on the threads that draw, unless it is known already.
Reply find_filled_tile(Request const& request, TileRequest const& wanted, Level const& level, Caches& caches)
{
    if (wanted.layer->is_vector())
        return empty_tile(wanted);
    auto key = key_of_filled(wanted, level);
    if (auto const drawn = caches.maps.find(key))
        return filled_tile(wanted, level, *drawn);
    if (auto const known = image(wanted, {}, tag_of_filled(wanted, level));
        is_known_to(request, known)) // nobody knows that tag of an empty one
        return known;
    return Work{[wanted, &level, &caches] { return fill(wanted, level, caches); }, std::move(key)};
}

/// What can be said of a tile without its bytes: that of an open slab holds some.
Response stored_tile_unread(TileRequest const& wanted, Level const& level, Slab const& slab)
{
    return image(wanted, {}, tag_of(slab.tag(level.within_slab(wanted.tile))));
}

/// Has the slab opened, and the tile brought from the disk, by those who may wait for one.
Work read_tile(Request const& request, TileRequest const& wanted, Level const& level, Caches& caches)
{
    auto const& layer = *wanted.layer;
    auto const number = &level - layer.pyramid.levels.data();
    constexpr std::size_t longest_kept = 256; // a list of tags that is longer waits for the bytes
    Request asked;
    if (request.if_none_match.size() <= longest_kept)
        asked.if_none_match = request.if_none_match;
    auto key = fmt::format("read {} {} {} {} {}", layer.serial, number, wanted.tile.col, wanted.tile.row,
                           asked.if_none_match);
    auto read = [asked = std::move(asked), wanted, &level, &caches] {
        auto const within = level.within_slab(wanted.tile);
        auto const slab =
            caches.slabs.open(wanted.layer->serial, wanted.layer->pyramid, level, level.slab_of(wanted.tile));
        if (!slab || slab->tile(within).empty())
            return fill(wanted, level, caches); // whose slab is open from now on: the next is drawn elsewhere
        if (auto known = stored_tile_unread(wanted, level, *slab); is_known_to(asked, known))
            return known;
        slab->bring(within);
        return stored_tile(wanted, level, slab);
    };
    return Work{.make = std::move(read), .key = std::move(key), .kind = Work::Kind::reading};
}

/// The tile if it is in memory, or if all that the client wants to hear is that it has not changed.
Reply find_stored_tile(Request const& request, TileRequest const& wanted, Level const& level, Caches& caches)
{
    auto const& layer = *wanted.layer;
    auto const slab = caches.slabs.find(layer.serial, layer.pyramid, level, level.slab_of(wanted.tile));
    if (!slab)
        return read_tile(request, wanted, level, caches);
    auto const within = level.within_slab(wanted.tile);
    if (!*slab || (*slab)->tile(within).empty())
        return find_filled_tile(request, wanted, level, caches);
    if (!request.if_none_match.empty())
        if (auto known = stored_tile_unread(wanted, level, **slab); is_known_to(request, known))
            return known;
    if ((*slab)->is_at_hand(within))
        return stored_tile(wanted, level, *slab);
    return read_tile(request, wanted, level, caches);
}

/// Says everything that a rendered tile depends on, across restarts of the server and on every replica of it.
std::string tag_of_rendered(TileRequest const& wanted)
{
    auto const& matrix = wanted.link->set->matrices[wanted.matrix];
    auto const shape = picture_shape(wanted);
    auto const facts =
        fmt::format("{} {} {} {} {} {} {} {} {}x{}", rendering_facts({wanted.layer, wanted.style}),
                    identity_of(wanted.link->set->crs), matrix.cell_size, matrix.origin_x, matrix.origin_y,
                    wanted.tile.col, wanted.tile.row, format_of(wanted.picture), shape.width, shape.height);
    return tag_of(hash_of(as_bytes(facts)));
}

MapRequest as_map(TileRequest const& wanted)
{
    auto const& set = *wanted.link->set;
    auto const shape = picture_shape(wanted);
    return {.layers = {{wanted.layer, wanted.style}},
            .crs = set.crs,
            .box = extent(set.matrices[wanted.matrix], wanted.tile),
            .width = shape.width,
            .height = shape.height,
            .format = wanted.picture.rendered.value_or(PictureFormat::png),
            .transparent = true,
            .background = {}};
}

/// The tile, or the same one of another set: one picture has one tag.
TileRequest first_of_its_kind(TileRequest drawn)
{
    auto same = find_tile(as_map(drawn));
    if (!same || (same->link->stored[same->matrix] && !same->picture.rendered && same->scale == 1))
        return drawn;
    same->picture = drawn.picture;
    return *std::move(same);
}

} // namespace

std::optional<TilePicture> find_picture(Layer const& layer, Style const& style, std::string_view name)
{
    auto const& stored = layer.pyramid.format;
    bool const is_jpeg = stored.compression == TileCompression::jpeg && equal_ignoring_case(name, "jpeg");
    bool const is_stored = equal_ignoring_case(name, stored.media_type) ||
                           equal_ignoring_case(name, stored.extension) || is_jpeg;
    TilePicture const as_stored{std::nullopt, stored.media_type};
    bool const has_plain_band = layer.pyramid.has_plain_last_band();
    if (is_stored && style.shows_values() && !has_plain_band)
        return as_stored;
    auto const picture = layer.is_vector() ? std::nullopt : parse_picture_format(name);
    bool const is_band_taken_for_alpha =
        has_plain_band && picture && has_alpha(*picture) && *picture != PictureFormat::geotiff;
    if (is_stored && (!picture || (style.shows_values() && !is_band_taken_for_alpha)))
        return as_stored;
    if (!picture || (style.encodes_values() && !can_be_exact(*picture)))
        return std::nullopt;
    if (picture)
        return TilePicture{picture, media_type(*picture)};
    return is_stored ? std::optional{as_stored} : std::nullopt;
}

std::string_view published_format(Layer const& layer)
{
    auto const stored = layer.pyramid.format.media_type;
    return layer.is_vector() || parse_picture_format(stored) ? stored : media_type(PictureFormat::png);
}

std::string_view published_extension(Layer const& layer)
{
    auto const& stored = layer.pyramid.format;
    return published_format(layer) == stored.media_type ? stored.extension : "png";
}

std::string_view cache_control_of(LayerStyle const& style, std::string_view usual)
{
    return style.is_passing ? "public, max-age=60" : usual;
}

std::string_view cache_control_of(std::span<StyledLayer const> layers, std::string_view usual)
{
    for (auto const& layer : layers)
        if (layer.style->is_passing)
            return cache_control_of(*layer.style, usual);
    return usual;
}

std::size_t finest_useful(Layer const& layer, TileMatrixSetLink const& link)
{
    auto const& finest = layer.pyramid.matrix(layer.pyramid.finest());
    double own = finest.cell_size;
    if (!same_place(layer.pyramid.set->crs, link.set->crs)) {
        auto const here = layer.pyramid.extent();
        own *= layer.extent_in(link.set->crs).width() / here.width();
    }
    std::size_t matrix = 0;
    while (matrix + 1 < link.set->matrices.size() && link.set->matrices[matrix].cell_size > own * 1.01)
        ++matrix;
    return matrix;
}

bool is_offered(TileRequest const& wanted)
{
    bool const is_stored = wanted.link->stored[wanted.matrix] && wanted.scale == 1;
    return is_stored || wanted.picture.rendered || parse_picture_format(wanted.picture.media_type);
}

Reply get_tile(Request const& request, TileRequest const& wanted, Caches& caches)
{
    if (!wanted.link->limits[wanted.matrix].contains(wanted.tile))
        return empty_tile(wanted); // without looking for a slab: such addresses are without number
    if (auto const* level = stored_level(wanted))
        return find_stored_tile(request, wanted, *level, caches);
    auto rendered = wanted;
    if (!rendered.picture.rendered)
        rendered.picture.rendered = parse_picture_format(wanted.picture.media_type);
    if (!rendered.picture.rendered)
        return empty_tile(wanted);
    rendered = first_of_its_kind(std::move(rendered));

    auto known = image(rendered, {}, tag_of_rendered(rendered));
    auto key = "tile " + known.etag;
    auto const leave_empty = [rendered] { return empty_tile(rendered); }; // so coarse that no level is near
    return draw_unless_known(request, {as_map(rendered), std::move(known), leave_empty, std::move(key)},
                             caches);
}

} // namespace ardoise
