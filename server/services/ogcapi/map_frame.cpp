// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/map_frame.hpp"

#include "server/catalog/ground.hpp"
#include "server/services/ogcapi/ground_subset.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

namespace ardoise::ogcapi {

namespace {

constexpr std::int32_t usual_side = 1024; // the longer one, of a map whose size is not said
constexpr double standard_pixel = 0.28;   // millimetres

/// What a request says of the size, all of it optional but the pixel.
struct Sizing {
    std::optional<std::int32_t> width, height;
    std::optional<double> scale;
    double pixel = standard_pixel / 1000; // metres on the screen

    bool says_size() const { return width || height; }
};

Result<std::optional<std::int32_t>> side(Query const& query, Parameter const& parameter)
{
    if (!find(query, parameter))
        return std::optional<std::int32_t>{};
    auto const number = integer(query, parameter.name, 1, largest_map_side);
    if (!number)
        return number.error();
    return std::optional{static_cast<std::int32_t>(*number)};
}

Result<Sizing> parse_sizing(Query const& query)
{
    auto const stated_width = side(query, parameter::width);
    auto const stated_height = side(query, parameter::height);
    auto const scale = positive(query, parameter::scale_denominator);
    auto const pixel = positive(query, parameter::mm_per_pixel);
    if (!stated_width || !stated_height)
        return stated_width ? stated_height.error() : stated_width.error();
    if (!scale || !pixel)
        return scale ? pixel.error() : scale.error();
    return Sizing{*stated_width, *stated_height, *scale, pixel->value_or(standard_pixel) / 1000};
}

/// Metres on the ground of one unit of a system, along its axes.
struct Metres {
    double x = 1, y = 1;
};

/// Of one radian of longitude and one of latitude, on the ellipsoid of WGS 84.
Metres metres_of_radians(double latitude)
{
    constexpr double semi_major = 6378137, eccentricity_squared = 6.69437999014e-3;
    double const sine = std::sin(latitude);
    double const part = 1 - eccentricity_squared * sine * sine;
    return {semi_major * std::cos(latitude) / std::sqrt(part),
            semi_major * (1 - eccentricity_squared) / (part * std::sqrt(part))};
}

/// In the midst of the map, where its scale is meant (/req/scaling/scale-denominator-definition): in Web
/// Mercator a unit is no metre but at the equator. Units of a projection are as long on both axes, whatever
/// the ellipsoid makes of them: pixels of its maps are square.
Metres metres_at(Place const& place, Crs const& crs)
{
    double const step = 100 / crs.metres_per_unit();
    std::array<double, 3> lon{place.x, place.x + step, place.x}, lat{place.y, place.y, place.y + step};
    if (!same_place(crs, geographic_crs()))
        transform_between(crs, geographic_crs()).apply(lon, lat);
    constexpr double radians = std::numbers::pi / 180;
    auto const radian = metres_of_radians(lat[0] * radians);
    auto const length = [&](std::size_t to) {
        return radians * std::hypot((lon[to] - lon[0]) * radian.x, (lat[to] - lat[0]) * radian.y) / step;
    };
    Metres const metres{length(1), length(2)};
    if (!std::isnormal(metres.x) || !std::isnormal(metres.y)) // beyond what the projection can show
        return {crs.metres_per_unit(), crs.metres_per_unit()};
    double const mean = std::sqrt(metres.x * metres.y);
    return crs.geographic() ? metres : Metres{mean, mean};
}

Place middle_of(BoundingBox const& box)
{
    return {(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
}

/// The number of pixels of a side that is reckoned, where it is one that a map may have.
Result<std::int32_t> reckoned(double pixels, Parameter const& parameter)
{
    double const whole = std::max(1.0, std::round(pixels));
    if (!(whole <= largest_map_side))
        return invalid(parameter, fmt::format("makes a map of {:.0f} pixels; a side has {} at the most",
                                              whole, largest_map_side));
    return static_cast<std::int32_t>(whole);
}

Result<MapFrame> framed(Crs const& crs, BoundingBox const& box, double columns, double rows,
                        Parameter const& parameter)
{
    auto const across = reckoned(columns, parameter), down = reckoned(rows, parameter);
    if (!across || !down)
        return across ? down.error() : across.error();
    return MapFrame{crs, box, *across, *down};
}

/// A box that is known, in pixels: as many as are said, or as its shape on the ground or a scale has it.
Result<MapFrame> frame_of(Crs const& crs, BoundingBox const& box, Sizing const& sizing)
{
    if (sizing.width && sizing.height)
        return MapFrame{crs, box, *sizing.width, *sizing.height};
    auto const metres = metres_at(middle_of(box), crs);
    double const across = box.width() * metres.x, down = box.height() * metres.y;
    if (sizing.width)
        return framed(crs, box, *sizing.width, *sizing.width * down / across, parameter::width);
    if (sizing.height)
        return framed(crs, box, *sizing.height * across / down, *sizing.height, parameter::height);
    if (sizing.scale)
        return framed(crs, box, across / (sizing.pixel * *sizing.scale),
                      down / (sizing.pixel * *sizing.scale), parameter::scale_denominator);
    double const longer = std::max(across, down) / usual_side;
    return framed(crs, box, across / longer, down / longer, parameter::width);
}

/// The ground around a place that so many pixels show, at the scale or with the layer's own pixels.
Result<MapFrame> frame_around(Place const& place, Crs const& crs, Sizing const& sizing, Layer const& layer)
{
    auto const& own = layer.pyramid.set->crs;
    auto const cell = layer.pyramid.matrix(layer.pyramid.finest()).cell_size * own.metres_per_unit();
    double const pixel = sizing.scale ? sizing.pixel * *sizing.scale : cell; // metres on the ground
    auto const columns = sizing.width.value_or(sizing.height.value_or(usual_side));
    auto const rows = sizing.height.value_or(columns);
    auto const metres = metres_at(place, crs);
    double const half_width = columns * pixel / metres.x / 2, half_height = rows * pixel / metres.y / 2;
    auto const box = box_in(
        crs, {place.x - half_width, place.y - half_height, place.x + half_width, place.y + half_height}, crs,
        parameter::center);
    if (!box)
        return box.error();
    return MapFrame{crs, *box, columns, rows};
}

BoundingBox extent_of_all(std::vector<StyledLayer> const& layers, Crs const& crs)
{
    BoundingBox all;
    for (auto const& [layer, style] : layers)
        all = join(all, layer->extent_in(crs));
    return all;
}

} // namespace

Result<MapFrame> map_frame(Query const& query, Catalog const& catalog, std::vector<StyledLayer> const& layers,
                           Crs const& crs)
{
    auto const sizing = parse_sizing(query);
    if (!sizing)
        return sizing.error();
    auto const extent_in = [&layers](Crs const& each) { return extent_of_all(layers, each); };
    auto const ground = ground_subset(query, catalog, crs, extent_in);
    if (!ground)
        return ground.error();
    auto const& lowest = *layers.front().layer;
    if (ground->center)
        return frame_around(*ground->center, crs, *sizing, lowest);
    if (ground->box && sizing->scale && sizing->says_size())
        return invalid(parameter::scale_denominator,
                       "cannot stand beside width or height where the ground is said");
    if (ground->box)
        return frame_of(crs, *ground->box, *sizing);
    auto const all = box_in(crs, extent_in(crs), crs, parameter::crs);
    if (!all)
        return all.error();
    return sizing->scale && sizing->says_size() ? frame_around(middle_of(*all), crs, *sizing, lowest)
                                                : frame_of(crs, *all, *sizing);
}

} // namespace ardoise::ogcapi
