// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/geotiff.hpp"

#include <fmt/format.h>

namespace ardoise::geotiff {

int epsg_of(Crs const& crs)
{
    constexpr int highest = 32'766; // of the EPSG's in a key of 16 bits; those above are anybody's
    auto const code = crs.code() == "CRS:84" ? 4326 : crs.epsg();
    return code <= highest ? code : 0;
}

std::array<double, 3> pixel_scale(double cell_width, double cell_height)
{
    return {cell_width, cell_height, 0.0};
}

std::array<double, 6> tie_point(double left, double top)
{
    return {0.0, 0.0, 0.0, left, top, 0.0};
}

std::vector<std::uint16_t> key_directory(int epsg, bool geographic)
{
    constexpr std::uint16_t model_type = 1024, raster_type = 1025, geographic_crs = 2048,
                            projected_crs = 3072;
    constexpr std::uint16_t projected = 1, geographic_2d = 2, pixel_is_area = 1, keys = 3;
    std::uint16_t const model = geographic ? geographic_2d : projected,
                        crs = geographic ? geographic_crs : projected_crs;
    // The directory's version, the keys' revision (that of GeoTIFF 1.0, which all know); then of each key its
    // number, 0 as the value stands here, how many values, the value.
    return {1,           1, 0, keys,          //
            model_type,  0, 1, model,         //
            raster_type, 0, 1, pixel_is_area, //
            crs,         0, 1, static_cast<std::uint16_t>(epsg)};
}

std::string gdal_nodata(double value)
{
    auto text = fmt::format("{:>4}", fmt::format("{}", value));
    text.push_back('\0');
    return text;
}

} // namespace ardoise::geotiff
