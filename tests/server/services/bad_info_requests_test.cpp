// SPDX-License-Identifier: Apache-2.0
// What clients get wrong who ask for values: each time the protocol's own exception.
#include "tests/server/services/bad_requests.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;
using test::check_all;
using test::get_map;
using test::get_map_111;
using test::get_tile;
using test::huge;
using test::Mistake;
using test::Parameters;

namespace {

/// A good request for maps as one for the values under a pixel of it.
Parameters asking_for_values(Parameters map, Parameters const& pixel)
{
    for (auto& [name, value] : map)
        if (name == "REQUEST")
            value = "GetFeatureInfo";
    map.insert(map.end(), pixel.begin(), pixel.end());
    return map;
}

std::vector<Mistake> info_mistakes(std::string const& i, std::string const& j, std::string const& crs,
                                   char const* invalid_crs)
{
    return {
        {"-QUERY_LAYERS", "MissingParameterValue"},
        {"QUERY_LAYERS=", "MissingParameterValue"},
        {"QUERY_LAYERS=nope", "LayerNotDefined"},
        {"QUERY_LAYERS=City", "LayerNotDefined"},
        {"QUERY_LAYERS=city,nope", "LayerNotDefined"},
        {"QUERY_LAYERS=city,,city", "LayerNotDefined"},
        {"QUERY_LAYERS=,", "LayerNotDefined"},
        {"QUERY_LAYERS=../city", "LayerNotDefined"},
        {"QUERY_LAYERS=%3Cscript%3E", "LayerNotDefined"},
        {"QUERY_LAYERS=" + huge, "LayerNotDefined"},
        {"QUERY_LAYERS=city,city,city,city,city,city,city,city,city,city,city,city,city,city,city,city,city",
         "InvalidParameterValue"},
        {"INFO_FORMAT=application/pdf", "InvalidFormat"},
        {"INFO_FORMAT=image/png", "InvalidFormat"},
        {"INFO_FORMAT=*/*", "InvalidFormat"},
        {"INFO_FORMAT=" + huge, "InvalidFormat"},
        {"SERVICE=WMTS", "InvalidParameterValue"},
        {"-VERSION", "MissingParameterValue"},
        {"-" + crs, "MissingParameterValue"},
        {crs + "=EPSG:9999", invalid_crs},
        {crs + "=%2Bproj%3Dmerc", invalid_crs},
        {crs + "=" + huge, invalid_crs},
        {"-BBOX", "MissingParameterValue"},
        {"BBOX=1,2,3", "InvalidParameterValue"},
        {"BBOX=2,2,1,1", "InvalidParameterValue"},
        {"BBOX=0,0,NaN,1", "InvalidParameterValue"},
        {"BBOX=-1e308,-1e308,1e308,1e308", "InvalidParameterValue"},
        {"-WIDTH", "MissingParameterValue"},
        {"WIDTH=0", "InvalidParameterValue"},
        {"WIDTH=4097", "InvalidParameterValue"},
        {"WIDTH=" + huge, "InvalidParameterValue"},
        {"-HEIGHT", "MissingParameterValue"},
        {"HEIGHT=-64", "InvalidParameterValue"},
        {"HEIGHT=6.4e1", "InvalidParameterValue"},
        {"-" + i, "MissingParameterValue"},
        {i + "=", "MissingParameterValue"},
        {i + "=64", "InvalidPoint"},
        {i + "=-1", "InvalidPoint"},
        {i + "=1.5", "InvalidPoint"},
        {i + "=x", "InvalidPoint"},
        {i + "=NaN", "InvalidPoint"},
        {"-" + j, "MissingParameterValue"},
        {j + "=", "MissingParameterValue"},
        {j + "=64", "InvalidPoint"},
        {j + "=0x1", "InvalidPoint"},
        {j + "=4294967296", "InvalidPoint"}, // 0 modulo 2^32
        {j + "=" + huge, "InvalidPoint"}};
}

} // namespace

TEST_CASE("WMS 1.3.0 GetFeatureInfo: each mistake has its code")
{
    auto mistakes = info_mistakes("I", "J", "CRS", "InvalidCRS");
    mistakes.push_back({"VERSION=9.9.9", "InvalidParameterValue"});
    check_all(
        "/wms",
        asking_for_values(get_map, {{"QUERY_LAYERS", "city"}, {"INFO_FORMAT", ""}, {"I", "5"}, {"J", "6"}}),
        mistakes, "text/xml", "http://www.opengis.net/ogc");
}

TEST_CASE("WMS 1.1.1 GetFeatureInfo: each mistake has its code in the older document")
{
    auto mistakes = info_mistakes("X", "Y", "SRS", "InvalidSRS");
    // Without a version the server speaks the newest.
    std::erase_if(mistakes, [](Mistake const& mistake) { return mistake.change == "-VERSION"; });
    check_all("/wms",
              asking_for_values(get_map_111,
                                {{"QUERY_LAYERS", "city"}, {"INFO_FORMAT", ""}, {"X", "5"}, {"Y", "6"}}),
              mistakes, "application/vnd.ogc.se_xml", "WMS_exception_1_1_1.dtd");
}

TEST_CASE("WMTS GetFeatureInfo in KVP: each mistake has its code and locator")
{
    check_all("/wmts", asking_for_values(get_tile, {{"INFOFORMAT", "text/plain"}, {"I", "5"}, {"J", "6"}}),
              {{"-I", "MissingParameterValue", "I"},
               {"I=", "MissingParameterValue", "I"},
               {"I=256", "TileOutOfRange", "I"},
               {"I=-1", "TileOutOfRange", "I"},
               {"I=9223372036854775807", "TileOutOfRange", "I"},
               {"I=4294967301", "TileOutOfRange", "I"}, // 5 modulo 2^32
               {"I=x", "InvalidParameterValue", "I"},
               {"I=5.5", "InvalidParameterValue", "I"},
               {"-J", "MissingParameterValue", "J"},
               {"J=256", "TileOutOfRange", "J"},
               {"J=1e1", "InvalidParameterValue", "J"},
               {"J=99999999999999999999", "InvalidParameterValue", "J"},
               {"J=" + huge, "InvalidParameterValue", "J"},
               {"-INFOFORMAT", "MissingParameterValue", "InfoFormat"},
               {"INFOFORMAT=", "MissingParameterValue", "InfoFormat"},
               {"INFOFORMAT=image/png", "InvalidParameterValue", "InfoFormat"},
               {"INFOFORMAT=" + huge, "InvalidParameterValue", "InfoFormat"},
               {"-LAYER", "MissingParameterValue", "Layer"},
               {"LAYER=nope", "InvalidParameterValue", "Layer"},
               {"LAYER=city,city", "InvalidParameterValue", "Layer"},
               {"-STYLE", "MissingParameterValue", "Style"},
               {"STYLE=nope", "InvalidParameterValue", "Style"},
               {"-TILEMATRIXSET", "MissingParameterValue", "TileMatrixSet"},
               {"TILEMATRIXSET=nope", "InvalidParameterValue", "TileMatrixSet"},
               {"-TILEMATRIX", "MissingParameterValue", "TileMatrix"},
               {"TILEMATRIX=99", "InvalidParameterValue", "TileMatrix"},
               {"-TILEROW", "MissingParameterValue", "TileRow"},
               {"TILEROW=10", "TileOutOfRange", "TileRow"},
               {"TILEROW=x", "InvalidParameterValue", "TileRow"},
               {"-TILECOL", "MissingParameterValue", "TileCol"},
               {"TILECOL=22", "TileOutOfRange", "TileCol"},
               {"TILECOL=18446744073709551634", "InvalidParameterValue", "TileCol"}, // 18 modulo 2^64
               {"FORMAT=image/gif", "InvalidParameterValue", "Format"},
               {"VERSION=2.0.0", "InvalidParameterValue", "version"}},
              "application/xml", "ows:ExceptionReport");
}

TEST_CASE("WMTS GetFeatureInfo in REST: a wrong address is an error with the exception document")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/wmts/1.0.0/city/normal/PM/5/12/18/6/5.txt").status == 200);
    struct {
        std::string path;
        int status;
        char const* code;
    } const rows[] = {{"nope/normal/PM/5/12/18/6/5.txt", 404, "InvalidParameterValue"},
                      {"City/normal/PM/5/12/18/6/5.txt", 404, "InvalidParameterValue"},
                      {"city/nope/PM/5/12/18/6/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/nope/5/12/18/6/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/99/12/18/6/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/x/18/6/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/x/6/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12//6/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/10/18/6/5.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/-1/6/5.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/256/5.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/6/256.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/-1/5.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/6/-1.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/6/4294967301.txt", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/j/5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/i.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18//5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5.5.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5@2x.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5.", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5.png", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5.txt/", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/5/4.txt", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/6/" + huge + ".txt", 404, "InvalidParameterValue"}};
    for (auto const& [path, status, code] : rows) {
        INFO(path);
        auto const response = site.get("/wmts/1.0.0/" + path);
        CHECK(response.status == status);
        CHECK(response.media_type == "application/xml");
        CHECK_THAT(test::text_of(response), Contains(code));
    }
}
