// SPDX-License-Identifier: Apache-2.0
// What clients are told of a point: values as they are stored, whatever the protocol and the format.
#include "pyramid/base/json.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace ardoise;
using Catch::Contains;

namespace {

constexpr double half = 20037508.342789244;

/// West, south, east and north of a tile of PM.
std::string box_of(int level, TileIndex tile)
{
    double const side = 2 * half / std::exp2(level);
    auto const col = static_cast<double>(tile.col), row = static_cast<double>(tile.row);
    return fmt::format("{},{},{},{}", -half + col * side, half - (row + 1) * side, -half + (col + 1) * side,
                       half - row * side);
}

std::string wms_of(std::string const& layers, std::string const& box, std::string const& more = "&I=100&J=30")
{
    return fmt::format(
        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS={0}&QUERY_LAYERS={0}&STYLES=&"
        "CRS=EPSG:3857&BBOX={1}&WIDTH=256&HEIGHT=256{2}",
        layers, box, more);
}

std::string ask(std::string const& target)
{
    auto const response = test::painted_site().get(target);
    INFO(target);
    CHECK(response.status == 200);
    return test::text_of(response);
}

Json features(std::string const& target)
{
    auto const document = parse_json(ask(target + "&INFO_FORMAT=application/json"), target);
    return *document.find("features");
}

double band(Json const& feature, std::string const& name)
{
    auto const& value = *feature.find("properties")->find(name);
    auto const* integer = value.as<std::int64_t>();
    return integer ? static_cast<double>(*integer) : *value.as<double>();
}

} // namespace

TEST_CASE("values are told as they are stored, in the type of the data")
{
    TileIndex const tile{4, 4};
    auto const red = test::colour_of(3, tile)[0];
    CHECK(ask(wms_of("relief", box_of(3, tile))) == fmt::format("relief:\n  band_1 = {}\n", red));
    CHECK(ask(wms_of("words", box_of(3, tile))) == fmt::format("words:\n  band_1 = {}\n", red * 256));
    auto const city = features(wms_of("city", box_of(5, {18, 12})));
    auto const colour = test::colour_of(5, {18, 12});
    REQUIRE(city.as<Json::Array>()->size() == 1);
    for (std::size_t i = 0; i < 3; ++i) // through JPEG
        CHECK(band(city.as<Json::Array>()->front(), fmt::format("band_{}", i + 1)) ==
              Approx(colour[i]).margin(3));
}

TEST_CASE("the level that a map is drawn from is the one that speaks")
{
    CHECK(ask(wms_of("relief", box_of(2, {2, 2}))) ==
          fmt::format("relief:\n  band_1 = {}\n", test::colour_of(2, {2, 2})[0]));
}

TEST_CASE("where there is no data nothing is told")
{
    std::string const grain = "grain";
    auto const even = box_of(5, {18, 12}); // a disc of data
    CHECK(ask(wms_of(grain, even, "&I=2&J=2")) == "grain: no data\n");
    CHECK_THAT(ask(wms_of(grain, even, "&I=128&J=128")), Contains("band_3 = "));
    CHECK(features(wms_of(grain, even, "&I=2&J=2")).as<Json::Array>()->empty());
    CHECK(ask(wms_of("city", box_of(5, {2, 2}))) == "city: no data\n"); // elsewhere
    CHECK_THAT(ask(wms_of("city", box_of(5, {2, 2}), "&I=0&J=0&INFO_FORMAT=text/html")), Contains("no data"));
}

TEST_CASE("several layers speak in the order in which they are asked")
{
    auto const told = ask(wms_of("words,relief", box_of(3, {4, 4})));
    CHECK(told.find("words:") < told.find("relief:"));
    auto const found = features(wms_of("words,relief", box_of(3, {4, 4})));
    REQUIRE(found.as<Json::Array>()->size() == 2);
    CHECK(*found.as<Json::Array>()->back().find("properties")->find("layer")->as<std::string>() == "relief");
}

TEST_CASE("both versions of WMS and both addresses of WMTS tell the same")
{
    TileIndex const tile{4, 4};
    auto const expected = ask(wms_of("relief", box_of(3, tile), "&I=7&J=200"));
    CHECK(
        ask(fmt::format("/wms?VERSION=1.1.1&REQUEST=GetFeatureInfo&LAYERS=relief&QUERY_LAYERS=relief&STYLES=&"
                        "SRS=EPSG:3857&BBOX={}&WIDTH=256&HEIGHT=256&X=7&Y=200&FORMAT=image/png",
                        box_of(3, tile))) == expected);
    CHECK(ask("/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=relief&STYLE=normal&FORMAT="
              "image/png&"
              "TILEMATRIXSET=PM&TILEMATRIX=3&TILEROW=4&TILECOL=4&I=7&J=200&INFOFORMAT=text/plain") ==
          expected);
    CHECK(ask("/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=relief&STYLE=&TILEMATRIXSET=PM&"
              "TILEMATRIX=3&TILEROW=4&TILECOL=4&I=7&J=200&INFOFORMAT=text/plain") ==
          expected); // as QGIS asks
    CHECK(ask("/wmts/1.0.0/relief/normal/PM/3/4/4/200/7.txt") == expected);
    CHECK(ask("/relief/wmts/1.0.0/relief/normal/PM/3/4/4/200/7.txt") == expected);
}

TEST_CASE("the axes of the box are those of the version, and places come in the order of their format")
{
    // 22.5 to 67.5 degrees of longitude, 40.98 to 21.94 of latitude: a tile of level 3
    auto const degrees = "&CRS=EPSG:4326&BBOX=22,23,40,67&WIDTH=44&HEIGHT=18&I=21&J=8";
    std::string const base = "/wms?VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=relief&QUERY_LAYERS=relief";
    auto const found = features(base + degrees);
    REQUIRE(found.as<Json::Array>()->size() == 1);
    auto const& place =
        *found.as<Json::Array>()->front().find("geometry")->find("coordinates")->as<Json::Array>();
    CHECK(*place[0].as<double>() == Approx(44.5));
    CHECK(*place[1].as<double>() == Approx(31.5));
    CHECK_THAT(ask(base + degrees + "&INFO_FORMAT=application/vnd.ogc.gml"),
               Contains(">44.5,31.5</gml:coordinates>") && Contains("srsName=\"EPSG:4326\""));
    CHECK_THAT(ask(base + degrees + "&INFO_FORMAT=application/vnd.ogc.gml/3.1.1"),
               Contains("<gml:pos>31.5 44.5</gml:pos>") &&
                   Contains("srsName=\"urn:ogc:def:crs:EPSG::4326\""));
}

TEST_CASE("who asks for a format that there is none of is told those that there are")
{
    auto const text = test::text_of(test::painted_site().get(
        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=city&QUERY_LAYERS=city&STYLES=&CRS="
        "EPSG:3857"
        "&BBOX=0,0,1,1&WIDTH=9&HEIGHT=9&FORMAT=image/png&I=1&J=1&INFO_FORMAT=application/pdf"));
    for (auto const* name :
         {"application/pdf", "text/plain", "application/geojson", "application/vnd.ogc.gml/3.1.1"})
        CHECK_THAT(text, Catch::Contains(name));
}

TEST_CASE("an answer has the media type that was asked for, to the letter")
{
    for (std::string const format : {"text/plain", "text/html", "application/json", "application/geojson",
                                     "application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"}) {
        auto const response =
            test::painted_site().get(wms_of("relief", box_of(3, {4, 4}), "&I=1&J=1&INFO_FORMAT=" + format));
        CHECK(response.status == 200);
        CHECK(response.media_type == format);
        CHECK_THAT(test::text_of(response), Contains("band_1"));
    }
}
