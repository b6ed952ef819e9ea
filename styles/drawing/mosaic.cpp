// SPDX-License-Identifier: Apache-2.0
#include "styles/drawing/mosaic.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace ardoise {

namespace {

std::int64_t floor_divide(std::int64_t value, std::int64_t by)
{
    return value >= 0 ? value / by : -((-value + by - 1) / by);
}

/// Places for tiles, within the limits or not.
TileRange tiles_touched(CachedPyramid const& cached, Level const& level, LevelWindow window)
{
    auto const& matrix = cached.pyramid.matrix(level);
    return {{floor_divide(window.x, matrix.tile_width), floor_divide(window.y, matrix.tile_height)},
            {floor_divide(window.x + window.width - 1, matrix.tile_width) + 1,
             floor_divide(window.y + window.height - 1, matrix.tile_height) + 1}};
}

/// Most masks say that all of the tile is data: those are known by their bytes, without decoding them.
bool is_known_as_whole(ByteView mask, RasterShape const& tile)
{
    thread_local std::map<std::pair<std::int32_t, std::int32_t>, Bytes> whole_masks; // sizes are few
    auto& whole = whole_masks[{tile.width, tile.height}];
    if (whole.empty())
        whole = mask_of_whole_tile(tile);
    return std::ranges::equal(mask, whole);
}

/// The tile's mask; an empty raster when all of the tile is data.
Raster tile_mask(CachedPyramid const& cached, Level const& level, TileIndex tile, Caches& caches)
{
    auto const slab = caches.slabs.open_mask(cached.serial, cached.pyramid, level, level.slab_of(tile));
    if (slab) // of what cannot be read a mapping makes zeros, which some formats take for pixels
        slab->bring(level.within_slab(tile));
    auto const bytes = slab ? slab->tile(level.within_slab(tile)) : ByteView{};
    auto shape = cached.pyramid.tile_shape(level);
    if (bytes.empty() || is_known_as_whole(bytes, shape))
        return {};
    shape.channels = 1;
    shape.type = SampleType::uint8;
    return decode_tile(bytes, *find_tile_format("TIFF_ZIP_UINT8"), shape);
}

/// ROK4's pyramids often have no masks: there, pixels of a float layer that hold nodata are none.
void mark_float_nodata(Raster const& pixels, Pyramid const& pyramid, Raster& validity)
{
    auto const nodata = static_cast<float>(pyramid.nodata.front());
    auto const* values = pixels.row<float>(0);
    auto valid = validity.bytes();
    auto const channels = static_cast<std::size_t>(pixels.shape().channels);
    for (std::size_t i = 0; i < valid.size(); ++i)
        if (values[i * channels] == nodata || values[i * channels] != values[i * channels])
            valid[i] = std::byte{0};
}

MaskedRaster decode_with_mask(CachedPyramid const& cached, Level const& level, TileIndex tile, ByteView bytes,
                              Caches& caches)
{
    MaskedRaster decoded;
    decoded.pixels = decode_tile(bytes, cached.pyramid.format, cached.pyramid.tile_shape(level));
    decoded.validity = tile_mask(cached, level, tile, caches);
    if (decoded.pixels.shape().type == SampleType::float32) {
        if (decoded.validity.empty())
            decoded.validity = full_validity(decoded.pixels.shape());
        mark_float_nodata(decoded.pixels, cached.pyramid, decoded.validity);
    }
    return decoded;
}

TileKey key_of(CachedPyramid const& cached, Level const& level, TileIndex tile)
{
    return {cached.serial, static_cast<std::uint32_t>(&level - cached.pyramid.levels.data()), tile};
}

/// A tile's stored bytes, which live as long as its slab.
struct StoredTile {
    TileIndex index;
    std::shared_ptr<OpenSlab const> slab;
    ByteView bytes; // none where it holds nothing
};

/// Every tile that shares pixels with `window`, row by row.
std::vector<StoredTile> tiles_under(CachedPyramid const& cached, Level const& level, LevelWindow window,
                                    Caches& caches)
{
    std::vector<StoredTile> found;
    auto const tiles = intersect(tiles_touched(cached, level, window), level.limits);
    for (auto row = tiles.first.row; row < tiles.last.row; ++row)
        for (auto col = tiles.first.col; col < tiles.last.col; ++col) {
            TileIndex const tile{col, row};
            auto slab = caches.slabs.open(cached.serial, cached.pyramid, level, level.slab_of(tile));
            auto const bytes = slab ? slab->tile(level.within_slab(tile)) : ByteView{};
            found.push_back({tile, std::move(slab), bytes});
        }
    return found;
}

/// Asks the disk for tiles and their masks all at once, before the first of them is decoded; for nothing
/// where none has to be.
class ReadAhead {
public:
    ReadAhead(CachedPyramid const& cached, Level const& level, std::vector<StoredTile> const& tiles,
              Caches& caches)
        : cached_{cached}, level_{level}, tiles_{tiles}, caches_{caches}
    {
    }

    void start()
    {
        if (std::exchange(has_started_, true))
            return;
        for (auto const& tile : tiles_) {
            if (tile.bytes.empty())
                continue;
            auto const within = level_.within_slab(tile.index);
            tile.slab->ask_for(within);
            if (auto const mask = caches_.slabs.open_mask(cached_.serial, cached_.pyramid, level_,
                                                          level_.slab_of(tile.index)))
                mask->ask_for(within);
        }
    }

private:
    CachedPyramid const cached_;
    Level const& level_;
    std::vector<StoredTile> const& tiles_;
    Caches& caches_;
    bool has_started_ = false;
};

/// Where a tile's first pixel lies in `window`.
struct Place {
    std::int32_t x = 0, y = 0;
};

Place place_of(TileIndex tile, RasterShape shape, LevelWindow window)
{
    return {static_cast<std::int32_t>(tile.col * shape.width - window.x),
            static_cast<std::int32_t>(tile.row * shape.height - window.y)};
}

/// The part of a tile that lies in `window`.
PixelBox part_under(TileIndex tile, RasterShape shape, LevelWindow window)
{
    auto const [x, y] = place_of(tile, shape, window);
    auto const left = std::max(0, -x), top = std::max(0, -y);
    return {left, top, std::min(shape.width, window.width - x) - left,
            std::min(shape.height, window.height - y) - top};
}

/// Whether pixels of the window lie in no tile at all.
bool leaves_gaps(std::vector<StoredTile> const& tiles, RasterShape shape, LevelWindow window)
{
    std::int64_t covered = 0;
    for (auto const& tile : tiles) {
        auto const part = part_under(tile.index, shape, window);
        covered += tile.bytes.empty() ? 0 : std::int64_t{part.width} * part.height;
    }
    return covered != std::int64_t{window.width} * window.height;
}

/// Whether what `window` sees of a tile is data throughout.
bool is_data(CachedPyramid const& cached, Level const& level, TileIndex tile, LevelWindow window,
             ReadAhead& ahead, Caches& caches)
{
    if (!level.mask_directory)
        return true;
    auto const kept = caches.tiles.validity(key_of(cached, level, tile), [&] {
        ahead.start();
        return tile_mask(cached, level, tile, caches);
    });
    auto const& mask = kept->validity;
    if (mask.empty())
        return true;
    auto const part = mask.view().crop(part_under(tile, mask.shape(), window));
    return validity_of({part, part}) == Validity::full;
}

/// Corners on even numbers: there a pixel of the smaller planes begins.
LevelWindow evened(LevelWindow window)
{
    auto const right = window.x + window.width, bottom = window.y + window.height;
    window.x -= window.x & 1;
    window.y -= window.y & 1;
    window.width = static_cast<std::int32_t>(right + (right & 1) - window.x);
    window.height = static_cast<std::int32_t>(bottom + (bottom & 1) - window.y);
    return window;
}

/// The validity of a mosaic, which has no pixels until there is something that is no data.
class MosaicValidity {
public:
    MosaicValidity(RasterShape tile, LevelWindow window, bool leaves_gaps)
        : window_{window}, whole_tile_{full_validity(tile)}
    {
        if (leaves_gaps)
            validity_ = Raster{{window.width, window.height}};
    }

    /// `of_tile` has no pixels where the tile is data throughout.
    void add(Raster const& of_tile, Place place)
    {
        if (validity_.empty() && of_tile.empty())
            return whole_so_far_.push_back(place);
        if (validity_.empty())
            begin();
        paste(of_tile.empty() ? whole_tile_.view() : of_tile.view(), validity_, place.x, place.y);
    }
    Raster finished() && { return std::move(validity_); }

private:
    void begin()
    {
        validity_ = Raster{{window_.width, window_.height}};
        for (auto const place : whole_so_far_)
            paste(whole_tile_.view(), validity_, place.x, place.y);
    }

    LevelWindow window_;
    Raster whole_tile_, validity_;
    std::vector<Place> whole_so_far_;
};

} // namespace

MaskedRaster mosaic(CachedPyramid const& cached, Level const& level, LevelWindow window, Caches& caches)
{
    auto const shape = cached.pyramid.tile_shape(level);
    auto const stored = tiles_under(cached, level, window, caches);
    ReadAhead ahead{cached, level, stored, caches};
    MaskedRaster seen;
    bool const has_gaps = leaves_gaps(stored, shape, window);
    RasterShape const whole{window.width, window.height, shape.channels, shape.type};
    seen.pixels = has_gaps ? Raster{whole} : Raster::unwritten(whole);
    MosaicValidity validity{shape, window, has_gaps};
    for (auto const& tile : stored) {
        if (tile.bytes.empty())
            continue;
        auto const decoded = caches.tiles.pixels(key_of(cached, level, tile.index), [&] {
            ahead.start();
            tile.slab->bring(level.within_slab(tile.index));
            return decode_with_mask(cached, level, tile.index, tile.bytes, caches);
        });
        auto const place = place_of(tile.index, shape, window);
        paste(decoded->pixels.view(), seen.pixels, place.x, place.y);
        validity.add(decoded->validity, place);
    }
    seen.validity = std::move(validity).finished();
    return seen;
}

std::vector<TilePart> parts_under(CachedPyramid const& cached, Level const& level, LevelWindow window,
                                  Caches& caches)
{
    std::vector<TilePart> parts;
    auto const shape = cached.pyramid.tile_shape(level);
    auto const tiles = tiles_touched(cached, level, window);
    for (auto row = tiles.first.row; row < tiles.last.row; ++row)
        for (auto col = tiles.first.col; col < tiles.last.col; ++col) {
            TileIndex const tile{col, row};
            auto const [x, y] = place_of(tile, shape, window);
            auto part = part_under(tile, shape, window);
            part.x += x;
            part.y += y;
            parts.push_back({part, false});
        }
    for (auto const& tile : tiles_under(cached, level, window, caches)) {
        auto const place =
            (tile.index.row - tiles.first.row) * tiles.cols() + tile.index.col - tiles.first.col;
        parts[static_cast<std::size_t>(place)].is_stored = !tile.bytes.empty();
    }
    return parts;
}

std::optional<PlanesSeen> mosaic_of_planes(CachedPyramid const& cached, Level const& level,
                                           LevelWindow window, Caches& caches)
{
    auto const shape = cached.pyramid.tile_shape(level);
    bool const has_planes = cached.pyramid.format.compression == TileCompression::jpeg &&
                            shape.channels == 3 && shape.width % 2 == 0 && shape.height % 2 == 0;
    if (!has_planes)
        return std::nullopt;
    PlanesSeen seen;
    auto const& around = seen.around = evened(window);
    auto const stored = tiles_under(cached, level, around, caches);
    ReadAhead ahead{cached, level, stored, caches};
    bool const is_whole = !leaves_gaps(stored, shape, around) &&
                          std::all_of(stored.begin(), stored.end(), [&](StoredTile const& tile) {
                              return is_data(cached, level, tile.index, around, ahead, caches);
                          });
    if (!is_whole)
        return std::nullopt;
    seen.luma = Raster::unwritten({window.width, window.height});
    for (auto& plane : seen.chroma)
        plane = Raster::unwritten({around.width / 2, around.height / 2});
    for (auto const& tile : stored) {
        auto const planes = caches.tiles.planes(key_of(cached, level, tile.index), [&] {
            ahead.start();
            tile.slab->bring(level.within_slab(tile.index));
            return jpeg::decode_planes(tile.bytes);
        });
        if (!planes || planes->width != shape.width || planes->height != shape.height)
            return std::nullopt;
        auto const at = place_of(tile.index, shape, window), around_at = place_of(tile.index, shape, around);
        paste(planes->luma.view(), seen.luma, at.x, at.y);
        for (std::size_t i = 0; i < 2; ++i)
            paste(planes->chroma[i].view(), seen.chroma[i], around_at.x / 2, around_at.y / 2);
    }
    return seen;
}

} // namespace ardoise
