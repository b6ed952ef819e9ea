// SPDX-License-Identifier: Apache-2.0
// What WMTS has around its tiles: sections, update sequences, tiles for screens with twice the dots.
#include "pyramid/raster/codec.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;

namespace {

Response capabilities(std::string const& more, std::string const& path = "/wmts")
{
    return test::painted_site().get(path + "?SERVICE=WMTS&REQUEST=GetCapabilities" + more);
}

std::string const parts[] = {"<ows:ServiceIdentification>",
                             "<ows:ServiceProvider>",
                             "<ows:OperationsMetadata>",
                             "<Contents>",
                             "<Themes/>",
                             "<ServiceMetadataURL"};

/// A letter for each part that the document has.
std::string parts_of(Response const& response)
{
    auto const text = test::text_of(response);
    std::string found;
    for (std::size_t i = 0; i < std::size(parts); ++i)
        if (text.find(parts[i]) != std::string::npos)
            found += "IPOCTU"[i];
    return found;
}

} // namespace

TEST_CASE("WMTS capabilities have the sections that are asked for, and no others")
{
    struct {
        char const *query, *parts;
    } const rows[] = {
        {"", "IPOCU"},
        {"&Sections=All", "IPOCU"},
        {"&sections=all", "IPOCU"},
        {"&SECTIONS=ServiceIdentification", "I"},
        {"&Sections=ServiceProvider", "P"},
        {"&Sections=OperationsMetadata", "O"},
        {"&Sections=Contents", "C"},
        {"&Sections=Themes", "T"},
        {"&Sections=Contents,ServiceProvider", "PC"},
        {"&Sections=Contents,All", "IPOCU"},
        {"&Sections=ServiceIdentification,ServiceProvider,OperationsMetadata,Contents", "IPOCU"}};
    for (auto const& row : rows)
        for (auto const* path : {"/wmts", "/city/wmts"}) {
            INFO(path << row.query);
            auto const response = capabilities(row.query, path);
            CHECK(response.status == 200);
            CHECK(parts_of(response) == row.parts);
        }
}

TEST_CASE("sections that there are none of are refused")
{
    for (auto const* query :
         {"&Sections=Nothing", "&Sections=Contents,Nothing", "&Sections=,", "&Sections=Contents;All"}) {
        INFO(query);
        auto const response = capabilities(query);
        CHECK(response.status == 400);
        CHECK_THAT(test::text_of(response),
                   Contains("exceptionCode=\"InvalidParameterValue\" locator=\"sections\""));
    }
    CHECK_THAT(test::text_of(capabilities("&Sections=")),
               Contains("exceptionCode=\"MissingParameterValue\" locator=\"sections\""));
}

TEST_CASE("a client that has the WMTS document of this moment gets one without content")
{
    auto const own = test::painted_site().site().catalog->update_sequence();
    auto const stated = [&](std::int64_t sequence) {
        return capabilities(fmt::format("&updateSequence={}", sequence));
    };
    auto const current = stated(own);
    CHECK(current.status == 200);
    CHECK(parts_of(current).empty());
    CHECK_THAT(test::text_of(current), Contains(fmt::format("updateSequence=\"{}\"", own)));
    CHECK(parts_of(stated(own - 1)) == "IPOCU");
    auto const higher = stated(own + 1);
    CHECK(higher.status == 400);
    CHECK_THAT(test::text_of(higher), Contains("exceptionCode=\"InvalidUpdateSequence\""));
}

TEST_CASE("parts of the document answer 304 and 406 as the whole one does")
{
    auto const first = capabilities("&Sections=Contents");
    REQUIRE_FALSE(first.etag.empty());
    auto const again = test::painted_site().get(
        "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&Sections=Contents", fmt::format("\"{}\"", first.etag));
    CHECK(again.status == 304);
    CHECK(capabilities("").etag != first.etag);
}

TEST_CASE("WMTS has tiles with twice the pixels by REST, the same as XYZ's")
{
    auto const& site = test::painted_site();
    auto const rest = site.get("/wmts/1.0.0/city/normal/PM/4/6/9@2x.png");
    REQUIRE(rest.status == 200);
    CHECK(png::decode(rest.body.view).shape().width == 512);
    auto const xyz = site.get("/xyz/city/4/9/6@2x.png");
    CHECK(test::text_of(xyz) == test::text_of(rest));
    CHECK(site.get("/city/wmts/1.0.0/city/default/PM/4/6/9@2x.jpg").status == 200);
    CHECK(site.get("/wmts/1.0.0/city/normal/PM/4/6/9@3x.png").status == 404);
    CHECK(site.get("/wmts/1.0.0/city/normal/PM/4/6/@2x.png").status == 404);
    CHECK(site.get("/wmts/1.0.0/relief/normal/PM/4/6/9@2x.bil").status ==
          404); // values as they are stored only
}
