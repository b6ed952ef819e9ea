// SPDX-License-Identifier: Apache-2.0
#include "server/render/planes.hpp"

#include "server/render/sight.hpp"

#include <utility>

namespace ardoise {

namespace {

/// Kernels reach twice as far in planes of half the size.
constexpr int margins = 2;

/// One column and one row more where sides are odd, as planes have them.
MapFrame evened(MapFrame frame)
{
    double const pixel_width = frame.box.width() / frame.width,
                 pixel_height = frame.box.height() / frame.height;
    frame.box.max_x += frame.width % 2 * pixel_width;
    frame.box.min_y -= frame.height % 2 * pixel_height;
    frame.width += frame.width % 2;
    frame.height += frame.height % 2;
    return frame;
}

/// No pixels where some show nothing, as behind a pole: planes of zeros are no colour but green.
Raster only_whole(MaskedRaster seen)
{
    return validity_of(seen.view()) == Validity::full ? std::move(seen.pixels) : Raster{};
}

/// What the map shows of a plane in which a pixel stands for `step` x `step` of the level's; no pixels where
/// it does not show it everywhere.
Raster seen_on(Raster plane, int step, Sight const& sight, LevelWindow window, MapFrame const& frame)
{
    MaskedView const all{plane.view(), {}};
    auto const width = frame.width / step, height = frame.height / step;
    if (!sight.is_parallel())
        return only_whole(warp(all, sight.mapping_to(window, step), width, height, map_resampling));
    auto const [x, y, across, down] = sight.frame_in(window);
    SourceWindow const under{x / step, y / step, across / step, down / step};
    if (is_all_of(under, plane.shape(), width, height))
        return plane;
    return only_whole(resample(all, under, width, height, map_resampling));
}

bool wants_planes(MapRequest const& request)
{
    bool const may_be_jpeg =
        request.format == PictureFormat::jpeg || request.format == PictureFormat::jpeg_or_png;
    return may_be_jpeg && request.layers.size() == 1 && request.layers.front().style->shows_values();
}

} // namespace

std::optional<jpeg::Planes> render_planes(MapRequest const& request, Caches& caches)
{
    if (!wants_planes(request))
        return std::nullopt;
    auto const& layer = *request.layers.front().layer;
    auto const frame = evened(request.frame());
    Sight const sight{layer, frame};
    auto const window = sight.window(margins);
    if (window.width == 0 || !sight.is_inside(margins))
        return std::nullopt;
    auto seen = mosaic_of_planes(cached(layer), sight.level(), window, caches);
    if (!seen)
        return std::nullopt;
    jpeg::Planes map;
    map.width = request.width;
    map.height = request.height;
    map.luma = seen_on(std::move(seen->luma), 1, sight, window, frame);
    for (std::size_t i = 0; i < 2; ++i)
        map.chroma[i] = seen_on(std::move(seen->chroma[i]), 2, sight, seen->around, frame);
    bool const is_whole = !map.luma.empty() && !map.chroma[0].empty() && !map.chroma[1].empty();
    return is_whole ? std::optional{std::move(map)} : std::nullopt;
}

} // namespace ardoise
