// SPDX-License-Identifier: Apache-2.0
#include "server/render/geotiff.hpp"

#include "pyramid/grid/geotiff.hpp"
#include "pyramid/raster/tiff_writer.hpp"

namespace ardoise {

Bytes encode_geotiff(RasterView pixels, MapFrame const& frame, std::optional<double> nodata)
{
    using tiff::Field;
    auto const& [crs, box, width, height] = frame;
    std::vector<Field> fields{
        Field::of(geotiff::pixel_scale_tag, geotiff::pixel_scale(box.width() / width, box.height() / height)),
        Field::of(geotiff::tie_point_tag, geotiff::tie_point(box.min_x, box.max_y))};
    if (auto const epsg = geotiff::epsg_of(crs))
        fields.push_back(
            Field::of(geotiff::key_directory_tag, geotiff::key_directory(epsg, crs.geographic())));
    if (nodata)
        fields.push_back(Field::of(geotiff::gdal_nodata_tag, geotiff::gdal_nodata(*nodata)));
    return tiff::write_file(pixels, fields);
}

} // namespace ardoise
