// SPDX-License-Identifier: Apache-2.0
// What clients get wrong, by mistake or on purpose: each time the protocol's own exception, never a 500,
// never a crash.
#include "tests/server/services/bad_requests.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;
using test::check_all;
using test::get_map;
using test::get_map_111;
using test::get_tile;
using test::huge;
using test::Mistake;
using test::target;

TEST_CASE("WMTS GetTile in KVP: each mistake has its code and locator")
{
    std::vector<Mistake> const rows{
        {"-SERVICE", "MissingParameterValue", "service"},
        {"SERVICE=", "MissingParameterValue", "service"},
        {"SERVICE=WMS", "InvalidParameterValue", "service"},
        {"SERVICE=BOGUS", "InvalidParameterValue", "service"},
        {"-REQUEST", "MissingParameterValue", "request"},
        {"REQUEST=GetBOGUS", "InvalidParameterValue", "request"},
        {"REQUEST=" + huge, "InvalidParameterValue", "request"},
        {"REQUEST=GetFeatureInfo", "MissingParameterValue", "I"},
        {"VERSION=2.0.0", "InvalidParameterValue", "version"},
        {"-LAYER", "MissingParameterValue", "Layer"},
        {"LAYER=", "MissingParameterValue", "Layer"},
        {"LAYER=nope", "InvalidParameterValue", "Layer"},
        {"LAYER=City", "InvalidParameterValue", "Layer"},
        {"LAYER=city,city", "InvalidParameterValue", "Layer"},
        {"LAYER=../city", "InvalidParameterValue", "Layer"},
        {"LAYER=%2e%2e%2fcity", "InvalidParameterValue", "Layer"},
        {"LAYER=city%20", "InvalidParameterValue", "Layer"},
        {"LAYER=<script>", "InvalidParameterValue", "Layer"},
        {"LAYER=" + huge, "InvalidParameterValue", "Layer"},
        {"-STYLE", "MissingParameterValue", "Style"},
        {"STYLE=nope", "InvalidParameterValue", "Style"},
        {"STYLE=elevation", "InvalidParameterValue", "Style"},
        {"-FORMAT", "MissingParameterValue", "Format"},
        {"FORMAT=", "MissingParameterValue", "Format"},
        {"FORMAT=image/gif", "InvalidParameterValue", "Format"},
        {"FORMAT=text/html", "InvalidParameterValue", "Format"},
        {"FORMAT=image", "InvalidParameterValue", "Format"},
        {"FORMAT=image/tiff", "InvalidParameterValue", "Format"},
        {"FORMAT=image/x-bil;bits=32", "InvalidParameterValue", "Format"},
        {"-TILEMATRIXSET", "MissingParameterValue", "TileMatrixSet"},
        {"TILEMATRIXSET=nope", "InvalidParameterValue", "TileMatrixSet"},
        {"TILEMATRIXSET=2154_5cm", "InvalidParameterValue", "TileMatrixSet"},
        {"TILEMATRIXSET=pm", "InvalidParameterValue", "TileMatrixSet"},
        {"-TILEMATRIX", "MissingParameterValue", "TileMatrix"},
        {"TILEMATRIX=99", "InvalidParameterValue", "TileMatrix"},
        {"TILEMATRIX=-1", "InvalidParameterValue", "TileMatrix"},
        {"TILEMATRIX=5.0", "InvalidParameterValue", "TileMatrix"},
        {"TILEMATRIX=PM:5", "InvalidParameterValue", "TileMatrix"},
        {"-TILEROW", "MissingParameterValue", "TileRow"},
        {"TILEROW=", "MissingParameterValue", "TileRow"},
        {"TILEROW=abc", "InvalidParameterValue", "TileRow"},
        {"TILEROW=1.5", "InvalidParameterValue", "TileRow"},
        {"TILEROW=1e1", "InvalidParameterValue", "TileRow"},
        {"TILEROW=0x0c", "InvalidParameterValue", "TileRow"},
        {"TILEROW=%2012", "InvalidParameterValue", "TileRow"},
        {"TILEROW=NaN", "InvalidParameterValue", "TileRow"},
        {"TILEROW=Infinity", "InvalidParameterValue", "TileRow"},
        {"TILEROW=99999999999999999999", "InvalidParameterValue", "TileRow"},
        {"TILEROW=" + huge, "InvalidParameterValue", "TileRow"},
        {"TILEROW=-1", "TileOutOfRange", "TileRow"},
        {"TILEROW=10", "TileOutOfRange", "TileRow"},
        {"TILEROW=15", "TileOutOfRange", "TileRow"},
        {"TILEROW=9223372036854775807", "TileOutOfRange", "TileRow"},
        {"TILEROW=-9223372036854775808", "TileOutOfRange", "TileRow"},
        {"-TILECOL", "MissingParameterValue", "TileCol"},
        {"TILECOL=x", "InvalidParameterValue", "TileCol"},
        {"TILECOL=12;DROP", "InvalidParameterValue", "TileCol"},
        {"TILECOL=16", "TileOutOfRange", "TileCol"},
        {"TILECOL=22", "TileOutOfRange", "TileCol"},
        {"TILECOL=4294967314", "TileOutOfRange", "TileCol"},                  // 18 modulo 2^32
        {"TILECOL=18446744073709551634", "InvalidParameterValue", "TileCol"}, // 18 modulo 2^64
    };
    check_all("/wmts", get_tile, rows, "application/xml", "ows:ExceptionReport");
    CHECK(rows.size() >= 58);
}

TEST_CASE("WMTS capabilities negotiate their version")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").status == 200);
    CHECK(site.get("/wmts?service=wmts&request=getcapabilities&AcceptVersions=2.0.0,1.0.0").status == 200);
    auto const refused = site.get("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=8.8.8");
    CHECK(refused.status == 400);
    CHECK_THAT(test::text_of(refused), Contains("VersionNegotiationFailed"));
    CHECK_THAT(test::text_of(refused), !Contains("locator"));
}

TEST_CASE("WMTS in REST: a wrong address is an error with the exception document")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/wmts/1.0.0/city/normal/PM/5/12/18.jpg").status == 200);
    struct {
        char const* path;
        int status;
        char const* code;
    } const rows[] = {{"nope/normal/PM/5/12/18.jpg", 404, "InvalidParameterValue"},
                      {"city/nope/PM/5/12/18.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/nope/5/12/18.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/99/12/18.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/x/18.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/x.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18.gif", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18.", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18", 404, "InvalidParameterValue"},
                      {"city/PM/5/12/18.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18.jpg/x", 404, "InvalidParameterValue"},
                      {"WMTSCapabilities.xmlBogus", 404, "InvalidParameterValue"},
                      {"WMTSCapabilities.xml/Bogus", 404, "InvalidParameterValue"},
                      {"", 404, "InvalidParameterValue"},
                      {"../../etc/passwd", 404, "InvalidParameterValue"},
                      {"%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd.jpg", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/-1.jpg", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/1/18.jpg", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/256/3.json", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/3/-1.json", 400, "TileOutOfRange"},
                      {"city/normal/PM/5/12/18/x/3.json", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/3/3.pdf", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/18/3/3", 404, "InvalidParameterValue"},
                      {"nope/normal/PM/5/12/18/3/3.json", 404, "InvalidParameterValue"},
                      {"city/normal/PM/5/12/99999999999999999999.jpg", 404, "InvalidParameterValue"}};
    for (auto const& row : rows) {
        INFO(row.path);
        auto const response = site.get(std::string{"/wmts/1.0.0/"} + row.path);
        CHECK(response.status == row.status);
        CHECK_THAT(test::text_of(response), Contains(row.code));
    }
}

namespace {

std::vector<Mistake> map_mistakes(std::string const& crs, char const* invalid_crs)
{
    return {
        {"-REQUEST", "MissingParameterValue"},
        {"REQUEST=GetBogus", "OperationNotSupported"},
        {"REQUEST=GetFeatureInfo", "MissingParameterValue"},
        {"SERVICE=WMTS", "InvalidParameterValue"},
        {"-LAYERS", "MissingParameterValue"},
        {"LAYERS=", "MissingParameterValue"},
        {"LAYERS=nope", "LayerNotDefined"},
        {"LAYERS=nope,city", "LayerNotDefined"},
        {"LAYERS=city,nope", "LayerNotDefined"},
        {"LAYERS=city,", "LayerNotDefined"},
        {"LAYERS=,", "LayerNotDefined"},
        {"LAYERS=city%00", "LayerNotDefined"},
        {"LAYERS=..%2F..%2Fetc%2Fpasswd", "LayerNotDefined"},
        {"LAYERS=city,city,city,city,city,city,city,city,city,city,city,city,city,city,city,city,city",
         "InvalidParameterValue"},
        {"STYLES=nope", "StyleNotDefined"},
        {"STYLES=elevation", "StyleNotDefined"},
        {"STYLES=normal,normal", "StyleNotDefined"},
        {"-" + crs, "MissingParameterValue"},
        {crs + "=", "MissingParameterValue"},
        {crs + "=EPSG:9999", invalid_crs},
        {crs + "=EPSG:2193", invalid_crs},
        {crs + "=UndefinedCRS", invalid_crs},
        {crs + "=3857", invalid_crs},
        {crs + "=%2Bproj%3Dmerc", invalid_crs},
        {crs + "=" + huge, invalid_crs},
        {"-BBOX", "MissingParameterValue"},
        {"BBOX=", "MissingParameterValue"},
        {"BBOX=1,2,3", "InvalidParameterValue"},
        {"BBOX=1,2,3,4,5", "InvalidParameterValue"},
        {"BBOX=1,2,3,", "InvalidParameterValue"},
        {"BBOX=a,b,c,d", "InvalidParameterValue"},
        {"BBOX=1;2;3;4", "InvalidParameterValue"},
        {"BBOX=NaN,0,1,1", "InvalidParameterValue"},
        {"BBOX=0,0,Inf,1", "InvalidParameterValue"},
        {"BBOX=0,0,1e999,1", "InvalidParameterValue"},
        {"BBOX=-1e308,-1e308,1e308,1e308", "InvalidParameterValue"},
        {"BBOX=2,0,1,1", "InvalidParameterValue"},
        {"BBOX=1,0,1,1", "InvalidParameterValue"},
        {"BBOX=0,2,1,1", "InvalidParameterValue"},
        {"BBOX=0,1,1,1", "InvalidParameterValue"},
        {"BBOX=0,0,1 ,1", "InvalidParameterValue"},
        {"BBOX=0x0,0,1,1", "InvalidParameterValue"},
        {"-WIDTH", "MissingParameterValue"},
        {"WIDTH=", "MissingParameterValue"},
        {"WIDTH=0", "InvalidParameterValue"},
        {"WIDTH=-64", "InvalidParameterValue"},
        {"WIDTH=4097", "InvalidParameterValue"},
        {"WIDTH=64.5", "InvalidParameterValue"},
        {"WIDTH=1e3", "InvalidParameterValue"},
        {"WIDTH=abc", "InvalidParameterValue"},
        {"WIDTH=2147483648", "InvalidParameterValue"},
        {"WIDTH=4294967360", "InvalidParameterValue"}, // 64 modulo 2^32
        {"WIDTH=99999999999999999999", "InvalidParameterValue"},
        {"WIDTH=" + huge, "InvalidParameterValue"},
        {"-HEIGHT", "MissingParameterValue"},
        {"HEIGHT=0", "InvalidParameterValue"},
        {"HEIGHT=1000000", "InvalidParameterValue"},
        {"HEIGHT=NaN", "InvalidParameterValue"},
        {"-FORMAT", "MissingParameterValue"},
        {"FORMAT=UnknownFormat", "InvalidFormat"},
        {"FORMAT=image/gif", "InvalidFormat"},
        {"FORMAT=png", "InvalidFormat"},
        {"FORMAT=tif", "InvalidFormat"},
        {"FORMAT=image/x-bil", "InvalidFormat"},
        {"FORMAT=image/x-bil;bits=64", "InvalidFormat"},
        {"FORMAT=image/x-bil;bits=32", "InvalidFormat"}, // of 8 bits
        {"FORMAT=application/bil16", "InvalidFormat"},
        {"FORMAT=;mode=8bit", "InvalidFormat"},
        {"FORMAT=" + huge, "InvalidFormat"},
        {"FORMAT=image%2Fpng%00", "InvalidFormat"},
        {"TRANSPARENT=MAYBE", "InvalidParameterValue"},
        {"TRANSPARENT=2", "InvalidParameterValue"},
        {"BGCOLOR=red", "InvalidParameterValue"},
        {"BGCOLOR=0xFFF", "InvalidParameterValue"},
        {"BGCOLOR=0xGGGGGG", "InvalidParameterValue"},
        {"BGCOLOR=0x1000000", "InvalidParameterValue"},
        {"BGCOLOR=-1", "InvalidParameterValue"},
    };
}

/// Rows whose request is malformed as HTTP: these never reach a protocol.
bool is_malformed(Mistake const& mistake)
{
    return mistake.change.find("%00") != std::string::npos || mistake.change.find(' ') != std::string::npos;
}

void remove_malformed(std::vector<Mistake>& rows)
{
    std::erase_if(rows, is_malformed);
}

} // namespace

TEST_CASE("WMS 1.3.0 GetMap: each mistake has its code")
{
    auto rows = map_mistakes("CRS", "InvalidCRS");
    rows.push_back({"-VERSION", "MissingParameterValue"});
    rows.push_back({"VERSION=9.9.9", "InvalidParameterValue"});
    remove_malformed(rows);
    check_all("/wms", get_map, rows, "text/xml", "http://www.opengis.net/ogc");
    CHECK(rows.size() >= 65);
}

TEST_CASE("WMS 1.1.1 GetMap: each mistake has its code in the older document")
{
    auto rows = map_mistakes("SRS", "InvalidSRS");
    remove_malformed(rows);
    check_all("/wms", get_map_111, rows, "application/vnd.ogc.se_xml", "WMS_exception_1_1_1.dtd");
}

TEST_CASE("XYZ and addresses that are none: 400 or 404, as problem+json")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/xyz/city/5/18/12.jpg").status == 200);
    struct {
        char const* path;
        int status;
    } const rows[] = {{"/xyz/nope/5/18/12.jpg", 404},
                      {"/xyz/city/x/18/12.jpg", 400},
                      {"/xyz/city/5/x/12.jpg", 400},
                      {"/xyz/city/5/18/x.jpg", 400},
                      {"/xyz/city/5/18/12.gif", 404},
                      {"/xyz/city/5/18/12", 404},
                      {"/xyz/city/5/18/12.", 404},
                      {"/xyz/city/99/18/12.jpg", 404},
                      {"/xyz/city/-1/18/12.jpg", 404},
                      {"/xyz/city/5/-1/12.jpg", 404},
                      {"/xyz/city/5/32/12.jpg", 404},
                      {"/xyz/city/5/18/32.jpg", 404},
                      {"/xyz/city/5/1.5/12.jpg", 400},
                      {"/xyz/city/5/18", 404},
                      {"/xyz/city", 404},
                      {"/xyz/", 404},
                      {"/xyz/city/5/18/12/1.jpg", 404},
                      {"/xyz/city/5/18/12@3x.jpg", 400},
                      {"/xyz/city/5/99999999999999999999/12.jpg", 400},
                      {"/xyz//5/18/12.jpg", 404},
                      {"/nothing", 404},
                      {"/city", 404},
                      {"/city/nope", 404},
                      {"/../etc/passwd", 404},
                      {"/%2e%2e/%2e%2e/etc/passwd", 404},
                      {"//", 404},
                      {"/index.html/..", 404},
                      {"/WMTS", 404}};
    for (auto const& row : rows) {
        INFO(row.path);
        auto const response = site.get(row.path);
        CHECK(response.status == row.status);
        CHECK(response.media_type == "application/problem+json");
    }
}

TEST_CASE("what clients add without need is ignored")
{
    auto const& site = test::painted_site();
    for (auto const* extra :
         {"&BOGUS=ignored", "&DPI=96&MAP_RESOLUTION=96&FORMAT_OPTIONS=dpi:96", "&TILED=true", "&MAP=/x/y.map",
          "&&&", "&=", "&x", "&OPACITIES=255,255", "&EXCEPTIONS=application/vnd.ogc.se_inimage"}) {
        INFO(extra);
        CHECK(site.get(target("/wms", get_map, "") + extra).status == 200);
        CHECK(site.get(target("/wmts", get_tile, "") + extra).status == 200);
    }
}

TEST_CASE("keys come in any case and order, values percent-encoded")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/wmts?tilecol=18&TileRow=12&tIlEmAtRiX=5&tilematrixset=PM&format=image%2Fjpeg&style="
                   "normal&layer=city&"
                   "version=1.0.0&request=gettile&service=wmts")
              .status == 200);
    CHECK(site.get("/wms?BbOx=-.1E7,-500E4,%2B02E6,.6E+7&ReQuEsT=%47etMap&VeRsIoN=1.3.0&LaYeRs=city&StYlEs=&"
                   "CrS=EPSG:3857&"
                   "WiDtH=10&HeIgHt=10&FoRmAt=image/jpeg")
              .status ==
          400); // the sign of the first row makes miny < maxy fail: "-500E4" < ".6E" + space "7" is no number
    CHECK(site.get("/wms?BbOx=-.1E7,-500E4,%2B02E6,.6E%2B7&ReQuEsT=%47etMap&VeRsIoN=1.3.0&LaYeRs=city&StYlEs="
                   "&CrS=EPSG:3857&"
                   "WiDtH=10&HeIgHt=10&FoRmAt=image/jpeg")
              .status == 200);
}

TEST_CASE("nothing that a client sends comes back unescaped")
{
    auto const& site = test::painted_site();
    for (auto const* target_text :
         {"/wmts?SERVICE=WMTS&REQUEST=%3Cscript%3Ealert(1)%3C/script%3E&VERSION=1.0.0",
          "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=%3Cscript%3E%22%27%26", "/xyz/%3Cscript%3E/1/1/1.jpg",
          "/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=%3C!ENTITY%20x%3E"}) {
        auto const text = test::text_of(site.get(target_text));
        CHECK_THAT(text, !Contains("<script") && !Contains("<!ENTITY x"));
    }
}
