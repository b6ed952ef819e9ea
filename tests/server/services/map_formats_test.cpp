// SPDX-License-Identifier: Apache-2.0
// Maps in each format that is advertised: what they say that they are, what they are, and how they are known
// without being drawn.
#include "pyramid/raster/codec.hpp"
#include "server/render/picture_format.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <map>
#include <set>

using namespace ardoise;
using Catch::Contains;

namespace {

std::string encoded(std::string_view format)
{
    std::string text;
    for (char const c : format)
        text += c == ' ' ? std::string{"%20"} : std::string{c};
    return text;
}

/// In degrees, where all of "city" and "grain" and most of "relief" and "words" lie; with a hole in the
/// midst.
std::string map_of(std::string_view layer, std::string_view format, std::string_view more = "")
{
    return fmt::format(
        "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={}&CRS=EPSG:4326&BBOX=20.5,30.25,30.5,"
        "45.25&WIDTH=60&HEIGHT=40&FORMAT={}{}",
        layer, encoded(format), more);
}

bool is_png(Response const& response)
{
    return test::text_of(response).starts_with("\x89PNG");
}

bool is_jpeg(Response const& response)
{
    return test::text_of(response).starts_with("\xFF\xD8\xFF");
}

/// The layer that a format for values is asked of.
std::string_view layer_for(PictureFormat format)
{
    auto const type = value_type(format);
    return !type                        ? "grain"
           : type == SampleType::uint8  ? "grey"
           : type == SampleType::uint16 ? "words"
                                        : "relief";
}

} // namespace

TEST_CASE("each format of the table is drawn and known again, and no other has its tag")
{
    auto const& site = test::painted_site();
    std::map<std::string, PictureFormat> tags;
    for (auto const& [name, format, use] : format_names()) {
        if (use == FormatName::Use::extension)
            continue;
        INFO(name);
        auto const target = map_of(layer_for(format), name, "&TRANSPARENT=TRUE&STYLES=");
        auto const drawn = site.get(target);
        REQUIRE(drawn.status == 200);
        bool const is_either = format == PictureFormat::jpeg_or_png;
        CHECK(drawn.media_type == (is_either ? name : media_type(format)));
        CHECK(drawn.body.size() > 0);
        REQUIRE_FALSE(drawn.etag.empty());
        auto const [known, is_new] = tags.emplace(drawn.etag, format);
        CHECK(known->second == format);
        auto const again = site.get(target, "\"" + drawn.etag + "\"");
        CHECK(again.status == 304);
        CHECK(again.body.size() == 0);
        CHECK(site.get(map_of(layer_for(format), name, "&TRANSPARENT=TRUE&STYLES="), "\"another\"").status ==
              200);
    }
    CHECK(tags.size() == 9);
}

TEST_CASE("both versions of the capabilities list the table's formats in its order")
{
    auto const& site = test::painted_site();
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        auto const text = test::text_of(
            site.get(fmt::format("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={}", version)));
        std::size_t at = text.find("<GetMap>");
        REQUIRE(at != std::string::npos);
        for (auto const& row : format_names()) {
            INFO(version << ": " << row.name);
            auto const element = fmt::format("<Format>{}</Format>", row.name);
            if (row.use != FormatName::Use::advertised || value_type(row.format)) {
                CHECK_THAT(text, !Contains(element));
                continue;
            }
            at = text.find(element, at);
            REQUIRE(at != std::string::npos);
        }
        CHECK(at < text.find("</GetMap>"));
    }
}

TEST_CASE("a layer's own capabilities list values in its own bits alone")
{
    auto const& site = test::painted_site();
    for (auto const& [layer, bits] : {std::pair{"city", 8}, {"words", 16}, {"relief", 32}}) {
        auto const text =
            test::text_of(site.get(fmt::format("/{}/wms?SERVICE=WMS&REQUEST=GetCapabilities", layer)));
        for (int const other : {8, 16, 32})
            CHECK((text.find(fmt::format("image/x-bil;bits={}<", other)) != std::string::npos) ==
                  (other == bits));
    }
}

TEST_CASE("JPEG or PNG is PNG where something shines through, and else JPEG, the very same as of that name")
{
    auto const& site = test::painted_site();
    for (auto const* name : {"image/vnd.jpeg-png", "image/x-jpegorpng"}) {
        auto const clear = site.get(map_of("grain", name, "&TRANSPARENT=TRUE&STYLES="));
        CHECK(clear.media_type == name);
        CHECK(is_png(clear));
        CHECK(test::text_of(clear) ==
              test::text_of(site.get(map_of("grain", "image/png", "&TRANSPARENT=TRUE&STYLES="))));
        auto const filled = site.get(map_of("grain", name, "&STYLES=&BGCOLOR=0x336699"));
        auto const as_jpeg = site.get(map_of("grain", "image/jpeg", "&STYLES=&BGCOLOR=0x336699"));
        CHECK(filled.media_type == name);
        CHECK(is_jpeg(filled));
        CHECK(test::text_of(filled) == test::text_of(as_jpeg));
        CHECK(filled.etag == as_jpeg.etag);
    }
}

TEST_CASE("JPEG or PNG of data all over is JPEG, though it might be transparent")
{
    auto const& site = test::painted_site();
    auto const map_in = [](std::string_view format) {
        return fmt::format(
            "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=city&STYLES=&CRS=EPSG:3857&BBOX="
            "2700000,3600000,3500000,4200000&WIDTH=80&HEIGHT=60&FORMAT={}&TRANSPARENT=TRUE",
            format);
    };
    auto const either = site.get(map_in("image/vnd.jpeg-png"));
    CHECK(either.media_type == "image/vnd.jpeg-png");
    CHECK(test::text_of(either) == test::text_of(site.get(map_in("image/jpeg"))));
}

TEST_CASE("values are as many bytes as they have bits, whatever the style")
{
    auto const& site = test::painted_site();
    for (auto const& [layer, bits] : {std::pair{"words", 16}, {"relief", 32}, {"grey", 8}}) {
        auto const format = fmt::format("image/x-bil;bits={}", bits);
        auto const values = site.get(map_of(layer, format, "&STYLES="));
        CHECK(values.media_type == format);
        CHECK(values.body.size() == static_cast<std::size_t>(60 * 40 * bits / 8));
        CHECK(test::text_of(values) == test::text_of(site.get(map_of(layer, format, "&STYLES=normal"))));
    }
    auto const coloured = site.get(map_of("city", "image/x-bil;bits=8", "&STYLES="));
    CHECK(coloured.body.size() == 60 * 40 * 3);
}

TEST_CASE("values on the very ground of a tile are values, transparent or not")
{
    auto const& site = test::painted_site();
    constexpr double side =
        2 * 20037508.342789244 / 16; // of the tile (10, 8) of level 4, which is not stored
    auto const map_in = [&](std::string_view layer, std::string_view format, std::string_view transparent) {
        return site.get(fmt::format("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={}&STYLES=normal&"
                                    "CRS=EPSG:3857&BBOX={},{},{},{}&WIDTH=256&HEIGHT=256&FORMAT={}&"
                                    "TRANSPARENT={}",
                                    layer, 2 * side, -side, 3 * side, 0, format, transparent));
    };
    for (auto const& [layer, format] : {std::pair{"relief", "image/x-bil;bits=32"},
                                        {"relief", "image/tiff"},
                                        {"words", "image/x-bil;bits=16"},
                                        {"words", "image/tiff"}}) {
        INFO(layer << " as " << format);
        auto const opaque = map_in(layer, format, "FALSE"), clear = map_in(layer, format, "TRUE");
        REQUIRE(clear.status == 200);
        CHECK(clear.headers.empty()); // stored tiles may be deflated, and empty ones say so
        CHECK((test::text_of(clear) == test::text_of(opaque)));
    }
}

TEST_CASE("values of another depth, or of two layers, are refused with what to ask for")
{
    auto const& site = test::painted_site();
    auto const refused = [&](std::string_view layer, std::string_view format) {
        auto const response = site.get(map_of(layer, format, "&STYLES="));
        CHECK(response.status == 400);
        auto const text = test::text_of(response);
        CHECK_THAT(text, Contains("code=\"InvalidFormat\""));
        return text;
    };
    CHECK_THAT(refused("relief", "image/x-bil;bits=16"), Contains("ask for image/x-bil;bits=32"));
    CHECK_THAT(refused("city", "image/x-bil;bits=32"), Contains("ask for image/x-bil;bits=8"));
    CHECK_THAT(refused("relief,relief", "image/x-bil;bits=32"), Contains("those of one layer"));
    CHECK_THAT(refused("city", "image/gif"),
               Contains("image/png, image/jpeg, image/webp, image/png; mode=8bit"));
}

TEST_CASE("a GeoTIFF is values in the plain style of a layer that has them, and else a picture")
{
    auto const& site = test::painted_site();
    auto const bits_of = [&](std::string_view layer, std::string_view style) {
        auto const bytes = site.get(map_of(layer, "image/tiff", fmt::format("&STYLES={}", style))).body.view;
        for (std::size_t i = 0; i < read_le<std::uint16_t>(bytes, 8); ++i) {
            auto const at = 10 + 12 * i;
            if (read_le<std::uint16_t>(bytes, at) == 258) // BitsPerSample
                return read_le<std::uint32_t>(bytes, at + 4) > 2 ? 8
                                                                 : int{read_le<std::uint16_t>(bytes, at + 8)};
        }
        return 0;
    };
    CHECK(bits_of("relief", "normal") == 32);
    CHECK(bits_of("words", "") == 16);
    CHECK(bits_of("relief", "elevation") == 8);
    CHECK(bits_of("relief", "") == 8); // "elevation" is the default
    CHECK(bits_of("relief,relief", "normal,normal") == 8);
    CHECK(bits_of("city", "") == 8);
}

TEST_CASE("tiles are drawn in the formats of plain pictures, by WMTS's FORMAT")
{
    auto const& site = test::painted_site();
    auto const tile_in = [](std::string_view layer, std::string_view format, std::string_view set = "PM") {
        return fmt::format(
            "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={}&STYLE=normal&TILEMATRIXSET={}&"
            "TILEMATRIX=5&TILEROW=12&TILECOL=18&FORMAT={}",
            layer, set, encoded(format));
    };
    std::set<std::string> tags;
    for (auto const* format : {"image/jpeg", "image/png", "image/png; mode=8bit", "image/vnd.jpeg-png"}) {
        INFO(format);
        auto const tile = site.get(tile_in("grain", format));
        REQUIRE(tile.status == 200);
        CHECK(tags.insert(tile.etag).second);
        CHECK(tile.media_type == (is_jpeg(tile) ? "image/jpeg" : "image/png"));
        CHECK(site.get(tile_in("grain", format), "\"" + tile.etag + "\"").status == 304);
    }
    CHECK(site.get(tile_in("grain", "image/png8")).etag ==
          site.get(tile_in("grain", "image/png;mode=8bit")).etag);
    CHECK(is_jpeg(site.get(tile_in("city", "image/vnd.jpeg-png"))));
    for (auto const* format : {"image/tiff", "image/geotiff", "image/x-bil;bits=32", "image/x-bil;bits=8"})
        CHECK(site.get(tile_in("city", format)).status == 400);
    CHECK(site.get(tile_in("relief", "image/x-bil;bits=32", "WebMercatorQuad")).status == 400);
}
