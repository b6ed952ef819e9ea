// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/vector_pixels.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/sources/dataset.hpp"

#include <gdal_alg.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

struct GeometryDestroyer {
    void operator()(OGRGeometry* geometry) const { OGRGeometryFactory::destroyGeometry(geometry); }
};
using Geometry = std::unique_ptr<OGRGeometry, GeometryDestroyer>;

OGRSpatialReference reference_of(Crs const& crs)
{
    OGRSpatialReference reference;
    if (reference.SetFromUserInput(crs.definition().c_str()) != OGRERR_NONE)
        fail("GDAL does not know the system {}, into which geometries are to be turned", crs.name());
    reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER); // as everywhere here: x, y
    return reference;
}

using Transformation =
    std::unique_ptr<OGRCoordinateTransformation, decltype(&OGRCoordinateTransformation::DestroyCT)>;

Transformation transformation(OGRLayer& layer, OGRSpatialReference const& to, fs::path const& file)
{
    auto* const own = layer.GetSpatialRef();
    if (!own)
        fail("{}: its layer {} has no coordinate reference system; give it one, as with ogr2ogr -a_srs",
             file.string(), layer.GetName());
    Transformation made{OGRCreateCoordinateTransformation(own, &to), &OGRCoordinateTransformation::DestroyCT};
    if (!made)
        fail("{}: nothing is known of how its system turns into {}", file.string(), to.GetName());
    return made;
}

void add_geometries(OGRLayer& layer, OGRSpatialReference const& to, fs::path const& file,
                    std::vector<Geometry>& found)
{
    auto const turned = transformation(layer, to, file);
    layer.ResetReading();
    while (OGRFeatureUniquePtr const feature{layer.GetNextFeature()}) {
        Geometry geometry{feature->StealGeometry()};
        if (!geometry || geometry->IsEmpty())
            continue;
        if (geometry->transform(turned.get()) != OGRERR_NONE)
            fail("{}: feature {} of its layer {} cannot be turned into the system of the tile matrix set",
                 file.string(), feature->GetFID(), layer.GetName());
        found.push_back(std::move(geometry));
    }
}

std::vector<Geometry> geometries_in(fs::path const& file, Crs const& crs)
{
    auto const dataset = open_vector_dataset(file);
    auto const reference = reference_of(crs);
    GdalMessages const messages;
    std::vector<Geometry> found;
    for (int i = 0; i < dataset->GetLayerCount(); ++i)
        add_geometries(*dataset->GetLayer(i), reference, file, found);
    if (found.empty())
        fail("{}: holds no geometry{}", file.string(), messages.any() ? ": " + messages.text() : "");
    return found;
}

/// Rows of the grid, first and last half-open.
struct Rows {
    std::int64_t first = 0, last = 0;
    std::int64_t count() const { return last - first; }
};

/// Those that the geometry may touch.
Rows rows_under(OGRGeometry const& geometry, PixelGrid const& grid)
{
    OGREnvelope box;
    geometry.getEnvelope(&box);
    auto const row_at = [&](double y) {
        return static_cast<std::int64_t>(
            std::clamp(std::floor((grid.top - y) / grid.cell_size), -1.0, static_cast<double>(grid.height)));
    };
    return {row_at(box.MaxY), row_at(box.MinY) + 1};
}

/// A strip of the grid in memory, a byte a pixel: 1 where something was drawn.
class Strip {
public:
    Strip(PixelGrid const& grid, Rows rows) : grid_{grid}, rows_{rows}
    {
        auto* const driver = GetGDALDriverManager()->GetDriverByName("MEM");
        dataset_.reset(driver->Create("", static_cast<int>(grid.width), static_cast<int>(rows.count()), 1,
                                      GDT_Byte, nullptr));
        if (!dataset_)
            fail("there is not enough memory to draw what water comes from");
        std::array<double, 6> place{
            grid.left, grid.cell_size,  0, grid.top - static_cast<double>(rows.first) * grid.cell_size,
            0,         -grid.cell_size,
        };
        dataset_->SetGeoTransform(place.data());
    }

    void draw(std::vector<OGRGeometryH>& geometries)
    {
        int band = 1;
        std::vector<double> const values(geometries.size(), 1);
        char touched[] = "ALL_TOUCHED=TRUE";
        char* options[] = {touched, nullptr};
        GdalMessages const messages;
        if (GDALRasterizeGeometries(GDALDataset::ToHandle(dataset_.get()), 1, &band,
                                    static_cast<int>(geometries.size()), geometries.data(), nullptr, nullptr,
                                    values.data(), options, nullptr, nullptr) != CE_None)
            fail("what water comes from cannot be drawn: {}", messages.text());
    }

    void add_pixels(std::vector<std::uint32_t>& pixels) const
    {
        auto const width = static_cast<std::size_t>(grid_.width);
        std::vector<std::uint8_t> row(width);
        for (std::int64_t y = rows_.first; y < rows_.last; ++y) {
            if (dataset_->GetRasterBand(1)->RasterIO(
                    GF_Read, 0, static_cast<int>(y - rows_.first), static_cast<int>(width), 1, row.data(),
                    static_cast<int>(width), 1, GDT_Byte, 0, 0, nullptr) != CE_None)
                fail("what water comes from cannot be read back from memory");
            for (std::size_t x = 0; x < width; ++x)
                if (row[x] != 0)
                    pixels.push_back(static_cast<std::uint32_t>(static_cast<std::size_t>(y) * width + x));
        }
    }

private:
    PixelGrid const& grid_;
    Rows rows_;
    Dataset dataset_;
};

} // namespace

std::vector<std::uint32_t> pixels_touched(std::filesystem::path const& file, PixelGrid const& grid)
{
    constexpr std::int64_t most_strip_pixels = 64 << 20;
    auto const geometries = geometries_in(file, grid.crs);
    auto const strip_rows = std::clamp<std::int64_t>(most_strip_pixels / grid.width, 1, grid.height);
    std::vector<std::uint32_t> pixels;
    for (std::int64_t first = 0; first < grid.height; first += strip_rows) {
        Rows const rows{first, std::min(first + strip_rows, grid.height)};
        std::vector<OGRGeometryH> here;
        for (auto const& geometry : geometries)
            if (auto const under = rows_under(*geometry, grid);
                under.first < rows.last && under.last > rows.first)
                here.push_back(OGRGeometry::ToHandle(geometry.get()));
        if (here.empty())
            continue;
        Strip strip{grid, rows};
        strip.draw(here);
        strip.add_pixels(pixels);
    }
    if (pixels.empty())
        fail("{}: nothing in it lies on the ground of the terrain model", file.string());
    return pixels;
}

} // namespace ardoise
