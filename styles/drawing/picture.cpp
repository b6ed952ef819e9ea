// SPDX-License-Identifier: Apache-2.0
#include "styles/drawing/picture.hpp"

#include "pyramid/raster/alpha.hpp"
#include "styles/drawing/canvas.hpp"
#include "styles/drawing/overzoom.hpp"

#include <algorithm>
#include <utility>

namespace ardoise {

namespace {

/// Whether the style shows bands in their order: the last of two or four would be taken for alpha.
bool shows_bands_in_order(Style const& style)
{
    auto const* colorize = std::get_if<Colorize>(&style.treatment);
    return std::holds_alternative<AsStored>(style.treatment) || (colorize && colorize->source.size() == 3);
}

/// Whether the style makes something of the bands before the last one, and of that nothing.
bool leaves_last_band_out(Style const& style, std::int32_t last)
{
    auto const& treatment = style.treatment;
    if (auto const* order = std::get_if<BandOrder>(&treatment))
        return std::find(order->bands.begin(), order->bands.end(), last) == order->bands.end();
    if (auto const* bands = std::get_if<NormalisedDifference>(&treatment))
        return bands->a != last && bands->b != last;
    return std::holds_alternative<Grey>(treatment);
}

/// The colours, or the grey.
Raster without_last_band(RasterView values)
{
    BandOrder colours{{1}};
    if (values.shape.channels == 4)
        colours.bands = {1, 2, 3};
    return picked(colours, values);
}

LevelWindow window_around(TileIndex tile, RasterShape const& shape, std::int32_t margin)
{
    return {tile.col * shape.width - margin, tile.row * shape.height - margin, shape.width + 2 * margin,
            shape.height + 2 * margin};
}

} // namespace

MaskedRaster picture_of(Pyramid const& pyramid, Style const& style, MaskedRaster values, Ground const& ground)
{
    if (pyramid.has_plain_last_band() && shows_bands_in_order(style))
        values.pixels = without_last_band(values.pixels.view());
    if (pyramid.has_certain_alpha() && leaves_last_band_out(style, pyramid.channels))
        weigh_by_alpha(values);
    return apply(style, std::move(values), ground);
}

MaskedRaster picture_of_tile(CachedPyramid const& cached, Style const& style, Level const& level,
                             TileIndex tile, Caches& caches)
{
    auto const& pyramid = cached.pyramid;
    auto const margin = reach(style);
    auto const shape = pyramid.tile_shape(level);
    auto values = filled_mosaic(cached, level, window_around(tile, shape, margin), caches);
    auto const ground = ground_under(pyramid.set->crs, extent(pyramid.matrix(level), tile), shape.width,
                                     shape.height, margin);
    return picture_of(pyramid, style, std::move(values), ground);
}

Raster seen_alone(MaskedRaster picture)
{
    auto const shape = picture.pixels.shape();
    if (shape.channels % 2 == 1 && validity_of(picture.view()) == Validity::full)
        return std::move(picture.pixels);
    Canvas canvas{shape.width, shape.height};
    canvas.lay(picture.view());
    return canvas.picture(true, {});
}

} // namespace ardoise
