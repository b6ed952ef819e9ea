// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/geotiff.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("a system has a number in a GeoTIFF where one of 16 bits is the EPSG's")
{
    struct {
        char const* definition;
        int epsg;
    } const rows[] = {{"EPSG:2154", 2154},
                      {"CRS:84", 4326}, // axes are x,y whatever the code says
                      {"EPSG:4326", 4326},
                      {"urn:ogc:def:crs:EPSG::900913", 0},
                      {"+proj=tmerc +lon_0=-0.5 +ellps=GRS80 +units=m +type=crs", 0}};
    for (auto const& row : rows) {
        INFO(row.definition);
        CHECK(geotiff::epsg_of(Crs::from_definition(row.definition)) == row.epsg);
    }
}
