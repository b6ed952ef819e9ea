// SPDX-License-Identifier: Apache-2.0
// What WMS has around its maps: versions, update sequences, and mistakes told as pictures.
#include "pyramid/raster/codec.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;

namespace {

std::string const wrong_map =
    "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=nothing&STYLES=&CRS=EPSG:3857&BBOX=0,"
    "0,1,1&WIDTH=300&HEIGHT=80&FORMAT=image/png";

std::string capabilities(std::string const& more)
{
    return test::text_of(test::painted_site().get("/wms?SERVICE=WMS&REQUEST=GetCapabilities" + more));
}

/// The pixels of a PNG answer, all four channels of the first one.
struct Picture {
    Raster pixels;

    static Picture of(Response const& response)
    {
        REQUIRE(response.status == 200);
        REQUIRE(response.media_type == "image/png");
        return {png::decode(response.body.view)};
    }
    bool is_all(std::vector<int> const& colour) const
    {
        auto const bytes = pixels.bytes();
        for (std::size_t i = 0; i < bytes.size(); ++i)
            if (std::to_integer<int>(bytes[i]) != colour[i % colour.size()])
                return false;
        return pixels.shape().channels == static_cast<std::int32_t>(colour.size());
    }
};

} // namespace

TEST_CASE("WMS versions are compared as numbers, not as text")
{
    struct {
        char const *stated, *answered;
    } const rows[] = {{"1.10.0", "1.3.0"}, {"1.2.99", "1.1.1"}, {"01.3.0", "1.3.0"}, {"1.3", "1.3.0"},
                      {"abc", "1.3.0"},    {"-1.0.0", "1.3.0"}, {"1.1.0", "1.1.1"}};
    for (auto const& [stated, answered] : rows) {
        INFO(stated);
        CHECK_THAT(capabilities(fmt::format("&VERSION={}", stated)),
                   Contains(fmt::format(" version=\"{}\"", answered)));
    }
}

TEST_CASE("maps are drawn in the versions that there are, however they are written")
{
    auto const status = [](char const* version) {
        return test::painted_site()
            .get(fmt::format(
                "/wms?SERVICE=WMS&VERSION={}&REQUEST=GetMap&LAYERS=city&STYLES=&CRS=EPSG:3857&SRS=EPSG:"
                "3857&BBOX=0,0,9,9&WIDTH=9&HEIGHT=9&FORMAT=image/png",
                version))
            .status;
    };
    for (auto const* version : {"1.3.0", "1.1.1", "1.1.0", "01.3.0"})
        CHECK(status(version) == 200);
    for (auto const* version : {"1.0.0", "1.3.1", "2.0.0", "1.3", "abc"})
        CHECK(status(version) == 400);
}

TEST_CASE("a client that has the capabilities of this moment is told so, in both versions")
{
    auto const own = test::painted_site().site().catalog->update_sequence();
    REQUIRE(own > 1'600'000'000'000);
    CHECK_THAT(capabilities(""), Contains(fmt::format("updateSequence=\"{}\"", own)));
    for (auto const* version : {"&VERSION=1.3.0", "&VERSION=1.1.1"}) {
        auto const stated = [&](std::string const& sequence) {
            return capabilities(fmt::format("{}&UPDATESEQUENCE={}", version, sequence));
        };
        CHECK_THAT(stated(fmt::format("{}", own)), Contains("code=\"CurrentUpdateSequence\""));
        CHECK_THAT(stated(fmt::format("{}E0", own - 1)), Contains("<Layer"));
        CHECK_THAT(stated(fmt::format("{}", own - 1)), Contains("<Layer"));
        CHECK_THAT(stated("0"), Contains("<Layer"));
        CHECK_THAT(stated(""), Contains("<Layer"));
        CHECK_THAT(stated(fmt::format("{}", own + 1)), Contains("code=\"InvalidUpdateSequence\""));
        CHECK_THAT(stated("yesterday"), Contains("code=\"InvalidUpdateSequence\""));
    }
}

TEST_CASE("the update sequence rises when a layer comes, goes or is described, and not by itself")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "one"});
    CatalogOptions options;
    options.store = folder.path();
    auto const first = load_catalog(options);
    CHECK(load_catalog(options, first.get())->update_sequence() == first->update_sequence());
    CHECK(load_catalog(options)->update_sequence() == first->update_sequence());

    auto const step = [&](std::filesystem::path const& file) {
        // As though time had passed: file systems count it in ticks of some milliseconds.
        std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() +
                                                   std::chrono::hours{1});
        auto const now = load_catalog(options)->update_sequence();
        CHECK(now > first->update_sequence());
        std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() -
                                                   std::chrono::hours{1});
    };
    step(folder / "one.json");
    step(folder.path()); // of which something was taken away
    auto const later = std::make_shared<Catalog const>(options, first->layers(), std::vector<Trouble>{},
                                                       first->update_sequence() + 10'000'000);
    CHECK(load_catalog(options, later.get())->update_sequence() == later->update_sequence());
}

TEST_CASE("EXCEPTIONS=BLANK answers mistakes by a map without anything")
{
    auto const& site = test::painted_site();
    for (auto const* name : {"BLANK", "blank", "application/vnd.ogc.se_blank"}) {
        INFO(name);
        auto const asked = fmt::format("{}&EXCEPTIONS={}", wrong_map, name);
        auto const white = Picture::of(site.get(asked));
        CHECK(white.pixels.shape().width == 300);
        CHECK(white.pixels.shape().height == 80);
        CHECK(white.is_all({255, 255, 255}));
        CHECK(Picture::of(site.get(asked + "&BGCOLOR=0xFF0000")).is_all({255, 0, 0}));
        CHECK(Picture::of(site.get(asked + "&TRANSPARENT=TRUE")).is_all({0, 0, 0, 0}));
        CHECK(site.get(asked).cache_control == "no-store");
    }
}

TEST_CASE("a mistake in JPEG or PNG has the name that was asked for")
{
    auto asked = std::string{wrong_map} + "&EXCEPTIONS=INIMAGE&FORMAT=image/vnd.jpeg-png";
    if (auto const png = asked.find("&FORMAT=image/png"); png != std::string::npos)
        asked.erase(png, std::string_view{"&FORMAT=image/png"}.size());
    auto const& site = test::painted_site();
    auto const opaque = site.get(asked), clear = site.get(asked + "&TRANSPARENT=TRUE");
    CHECK(opaque.media_type == "image/vnd.jpeg-png");
    CHECK(test::text_of(opaque).starts_with("\xFF\xD8"));
    CHECK(clear.media_type == "image/vnd.jpeg-png");
    CHECK(test::text_of(clear).starts_with("\x89PNG"));
}

TEST_CASE("EXCEPTIONS=INIMAGE writes the mistake into the map")
{
    auto const& site = test::painted_site();
    for (auto const* name : {"INIMAGE", "application/vnd.ogc.se_inimage"}) {
        INFO(name);
        auto const asked = fmt::format("{}&EXCEPTIONS={}", wrong_map, name);
        auto const told = Picture::of(site.get(asked));
        int ink = 0, paper = 0;
        auto const channels = told.pixels.shape().channels;
        for (std::int32_t y = 0; y < 80; ++y)
            for (std::int32_t x = 0; x < 300; ++x)
                ++(told.pixels.row(y)[x * channels] < 100 ? ink : paper);
        CHECK(ink > 300);
        CHECK(ink < paper / 10);
        // The text tells which layer it was: another one looks otherwise.
        auto other = asked;
        other.replace(other.find("nothing"), 7, "something");
        CHECK(test::text_of(site.get(other)) != test::text_of(site.get(asked)));
        CHECK(site.get(asked).media_type == "image/png");
        CHECK(site.get(asked + "&TRANSPARENT=TRUE").status == 200);
    }
}

TEST_CASE("mistakes are XML after all where a picture cannot be made, and in other requests")
{
    auto const& site = test::painted_site();
    auto const changed = [](std::string text, std::string const& from, std::string const& to) {
        return text.replace(text.find(from), from.size(), to);
    };
    auto const blank = wrong_map + "&EXCEPTIONS=BLANK";
    for (auto const& asked :
         {changed(blank, "WIDTH=300", "WIDTH=-1"), changed(blank, "HEIGHT=80", "HEIGHT=50000"),
          changed(blank, "image/png", "image/nothing"), changed(blank, "BLANK", "XML"),
          changed(blank, "BLANK", "other"), changed(blank, "GetMap", "GetFeatureInfo")}) {
        INFO(asked);
        auto const response = site.get(asked);
        CHECK(response.status == 400);
        CHECK(response.media_type == "text/xml");
    }
}

TEST_CASE("a map that is too costly is refused in the way that was asked for")
{
    auto const& site = test::painted_site();
    std::string layers = "city";
    for (int i = 1; i < 16; ++i)
        layers += ",city";
    auto const asked =
        fmt::format("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={}&STYLES=&CRS=EPSG:3857&BBOX="
                    "1000000,5000000,2000000,6000000&WIDTH=2000&HEIGHT=2000&FORMAT=image/png",
                    layers);
    CHECK(site.get(asked).media_type == "text/xml");
    CHECK(Picture::of(site.get(asked + "&EXCEPTIONS=BLANK")).is_all({255, 255, 255}));
    CHECK(site.key_of(asked) != site.key_of(asked + "&EXCEPTIONS=BLANK"));
}

TEST_CASE("other methods are refused in the protocol's own words")
{
    Published<Site> const sites{
        make_site(std::make_shared<Catalog const>(CatalogOptions{}, LayerList{}), {})};
    Caches caches;
    Router const router{sites, caches};
    struct {
        char const *path, *says;
    } const rows[] = {{"/wms", "<ServiceException code=\"OperationNotSupported\""},
                      {"/wms/", "<ServiceException code=\"OperationNotSupported\""},
                      {"/city/wms", "<ServiceException code=\"OperationNotSupported\""},
                      {"/wmts", "exceptionCode=\"OperationNotSupported\""},
                      {"/xyz/city/0/0/0.png", "\"status\":405"},
                      {"/", "\"status\":405"}};
    for (auto const& [path, says] : rows) {
        INFO(path);
        auto const response = std::get<Response>(router(Request{.method = Method::post, .path = path}));
        CHECK(response.status == 405);
        CHECK_THAT(test::text_of(response), Contains(says));
    }
}
