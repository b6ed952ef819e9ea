// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/grid/crs.hpp"
#include "server/catalog/crs_names.hpp"

#include <catch2/catch.hpp>

#include <optional>

using namespace ardoise;

TEST_CASE("systems without a code are told apart by their definitions")
{
    std::string const here = "+proj=tmerc +lon_0=-0.5 +ellps=GRS80 +units=m +type=crs",
                      there = "+proj=tmerc +lon_0=0.5 +ellps=GRS80 +units=m +type=crs";
    CHECK(identity_of(Crs::from_definition(here)) == here);
    CHECK(identity_of(Crs::from_definition(there)) == there);
    CHECK(identity_of(Crs::from_definition("urn:ogc:def:crs:EPSG::2154")) == "EPSG:2154");
}

TEST_CASE("a code is found in URNs and addresses, and nothing else is made of a name")
{
    struct {
        char const *name, *code;
    } const rows[] = {{"EPSG:2154", "EPSG:2154"},
                      {"urn:ogc:def:crs:EPSG::2154", "EPSG:2154"},
                      {"URN:OGC:DEF:CRS:epsg:9.9.1:2154", "epsg:2154"},
                      {"urn:x-ogc:def:crs:EPSG:6.18:3857", "EPSG:3857"},
                      {"urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"},
                      {"urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84"},
                      {"http://www.opengis.net/def/crs/EPSG/0/2154", "EPSG:2154"},
                      {"https://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"},
                      {"http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326"},
                      {"urn:ogc:def:crs:EPSG", "EPSG"},
                      {"urn:ogc:def:crs:EPSG:2154", "EPSG:2154"},
                      {"urn:ogc:def:crs:EPSG:1:2:2154", "EPSG:1:2:2154"},
                      {"urn:ogc:def:crs:", ""},
                      {"http://www.opengis.net/def/crs/", ""},
                      {"http://www.opengis.net/def/crs/EPSG/0/../2154", "EPSG/0/../2154"},
                      {"", ""},
                      {"+proj=merc", "+proj=merc"}};
    for (auto const& [name, code] : rows) {
        INFO(name);
        CHECK(code_in(name) == code);
    }
}

TEST_CASE("codes of one system are found in any case, others stay as they are")
{
    CHECK(usual_code("IGNF:LAMB93") == "EPSG:2154");
    CHECK(usual_code("ignf:rgf93cc47") == "EPSG:3947");
    CHECK(usual_code("epsg:102100") == "EPSG:3857");
    CHECK(usual_code("EPSG:2154") == "EPSG:2154");
    CHECK(usual_code("") == "");
}

namespace {

std::optional<Crs> known(std::string_view code)
{
    try {
        return Crs::from_definition(std::string{code});
    } catch (Failure const&) {
        return std::nullopt;
    }
}

} // namespace

TEST_CASE("what is said to be equal is so to PROJ, axes and all")
{
    std::size_t checked = 0;
    for (auto const& [other, usual] : other_codes()) {
        INFO(other << " " << usual);
        CHECK(usual_code(usual) == usual);
        auto const crs = known(other), usual_crs = known(usual);
        if (!crs || !usual_crs)
            continue;
        CHECK(same_place(*crs, *usual_crs));
        CHECK(crs->northing_first() == usual_crs->northing_first());
        ++checked;
    }
    CHECK(checked + 2 >= other_codes().size()); // EPSG:102100 and 102113, which the EPSG never had
}
