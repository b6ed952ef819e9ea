// SPDX-License-Identifier: Apache-2.0
// Who says that any answer is known (If-None-Match: *) hears 304 where there is one that may be kept, and
// what everybody hears where there is none (RFC 9110, 13.1.2).
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace ardoise;

namespace {

std::string map_of(std::string const& layers, std::string const& size, std::string const& more = "")
{
    return "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=" + layers +
           "&STYLES=&CRS=EPSG:3857&BBOX=1000000,5000000,2000000,6000000&WIDTH=" + size + "&HEIGHT=" + size +
           "&FORMAT=image/png" + more;
}

} // namespace

TEST_CASE("what there is has not changed for those who know any of it")
{
    auto const& site = test::painted_site();
    for (auto const& target : std::vector<std::string>{
             "/xyz/city/5/20/13.jpg", // stored
             "/xyz/city/5/19/12.jpg", // filled from coarser levels
             "/xyz/city/5/20/13.png", // drawn
             "/xyz/city/5/1/1.jpg",   // empty
             "/tms/1.0.0/city@PM/5/20/18.jpg",
             "/wmts/1.0.0/city/normal/PM/5/13/20.jpg",
             "/wmts/1.0.0/WMTSCapabilities.xml",
             "/wms?SERVICE=WMS&REQUEST=GetCapabilities",
             "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=relief",
             map_of("city", "20"),
             "/xyz/city/tilejson.json",
             "/layers.json",
             "/ogcapi/collections?f=json",
             "/ogcapi/collections/city/map?width=9&height=9&f=png",
         }) {
        INFO(target);
        auto const plain = site.get(target);
        CHECK(plain.status == 200);
        auto const known = site.get(target, "*");
        CHECK(known.status == 304);
        CHECK(known.etag == plain.etag);
        CHECK(known.body.size() == 0);
    }
}

TEST_CASE("a mistake stays one, and what nobody may keep is sent")
{
    auto const& site = test::painted_site();
    auto const costly = map_of("city,city,city", "4096");
    for (auto const& target : std::vector<std::string>{
             costly,
             costly + "&EXCEPTIONS=BLANK",
             map_of("nothing", "20"),
             map_of("nothing", "20", "&EXCEPTIONS=INIMAGE"),
             "/ogcapi/map?collections=city,grain,city&width=4096&height=4096",
             "/ogcapi/collections/nothing",
             "/xyz/city/99/0/0.jpg",
             "/wmts/1.0.0/city/normal/PM/5/0/0.jpg",
             "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=nothing",
             "/health",
             "/nowhere",
         }) {
        INFO(target);
        auto const plain = site.get(target);
        CHECK((plain.status != 200 || plain.cache_control == "no-store"));
        auto const known = site.get(target, "*");
        CHECK(known.status == plain.status);
        CHECK(test::text_of(known) == test::text_of(plain));
    }
}
