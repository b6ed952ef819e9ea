// SPDX-License-Identifier: Apache-2.0
#include "server/render/picture_format.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>

using namespace ardoise;

namespace {

using Format = PictureFormat;
using Use = FormatName::Use;

/// With grain, so that it has many colours.
Raster photograph(std::int32_t channels, std::uint8_t alpha = 255)
{
    Raster picture{{64, 48, channels}};
    unsigned state = 1;
    for (std::int32_t y = 0; y < 48; ++y)
        for (std::int32_t x = 0; x < 64 * channels; ++x)
            picture.row(y)[x] =
                channels == 4 && x % 4 == 3
                    ? alpha
                    : static_cast<std::uint8_t>(2 * y + 40 + ((state = state * 48271 + 11) >> 24) % 50);
    return picture;
}

bool starts_with(Bytes const& bytes, std::string_view signature)
{
    return as_text(bytes).starts_with(signature);
}

constexpr std::string_view jpeg_signature{"\xFF\xD8\xFF"}, png_signature{"\x89PNG"};

} // namespace

TEST_CASE("each name of the table is read as its format, whatever its case")
{
    std::set<std::string_view> names;
    for (auto const& [name, format, use] : format_names()) {
        INFO(name);
        CHECK(names.insert(name).second);
        auto const in_capitals = [&] {
            std::string text{name};
            std::transform(text.begin(), text.end(), text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
            return text;
        }();
        bool const is_extension = name.find('/') == std::string_view::npos;
        CHECK(is_extension == (use == Use::extension));
        auto const for_maps = is_extension ? std::nullopt : std::optional{format};
        CHECK(parse_map_format(name) == for_maps);
        CHECK(parse_map_format(in_capitals) == for_maps);
        bool const is_plain_picture = format != Format::geotiff && !value_type(format);
        CHECK(parse_picture_format(name) == (is_plain_picture ? std::optional{format} : std::nullopt));
    }
}

TEST_CASE("every format is advertised by a name of its own")
{
    std::set<std::string_view> own;
    for (auto const& row : format_names()) {
        INFO(row.name);
        auto const name = name_of(row.format);
        CHECK(parse_map_format(name) == row.format);
        if (row.name == name) {
            CHECK(row.use == Use::advertised);
            CHECK(own.insert(name).second);
        }
    }
    CHECK(own.size() == 9);
}

TEST_CASE("PNG comes first, and what stood there before keeps its place")
{
    auto const names = format_names();
    CHECK(names[0].name == "image/png");
    CHECK(names[1].name == "image/jpeg");
    CHECK(names[2].name == "image/webp");
}

TEST_CASE("parameters that say nothing are ignored, and blanks around those that do")
{
    CHECK(parse_map_format("image/jpeg;q=0.9") == Format::jpeg);
    CHECK(parse_map_format("image/png; mode=24bit") == Format::png);
    CHECK(parse_map_format("image/png;mode=8bit") == Format::png8);
    CHECK(parse_map_format("image/png;  Mode=8bit ") == Format::png8);
    CHECK(parse_map_format("image/png;") == Format::png);
    CHECK(parse_map_format("image/tiff;application=geotiff") == Format::geotiff);
    CHECK(parse_map_format("image/tiff;subtype=geotiff") == Format::geotiff);
    CHECK(parse_map_format("image/x-bil; bits=32") == Format::bil32);
}

TEST_CASE("what is no format is none")
{
    for (auto const* name :
         {"", ";", "image/", "gif", "image/gif", "image/jpeg2000", "image /png", "jpg ", "image/x-bil",
          "image/x-bil;bits=64", "image/x-bil;bits=", "image/png8;bits=8 x/"}) {
        INFO(name);
        bool const is_png8 = std::string_view{name}.starts_with("image/png8");
        CHECK(parse_map_format(name) == (is_png8 ? std::optional{Format::png8} : std::nullopt));
        CHECK(parse_picture_format(name).has_value() == is_png8);
    }
    for (auto const* extension : {"jpg", "png", "webp", "tif", "bil"})
        CHECK_FALSE(parse_map_format(extension));
    for (auto const* extension : {"tif", "tiff", "bil", "png8"})
        CHECK_FALSE(parse_picture_format(extension));
}

TEST_CASE("Content-Types are those of the bytes")
{
    CHECK(media_type(Format::png8) == "image/png");
    CHECK(media_type(Format::geotiff) == "image/tiff");
    CHECK(media_type(Format::bil32) == "image/x-bil;bits=32");
    CHECK(media_type(Format::webp) == "image/webp");
    auto const opaque = encode(photograph(3).view(), Format::jpeg_or_png),
               clear = encode(photograph(4, 100).view(), Format::jpeg_or_png);
    CHECK(starts_with(opaque, jpeg_signature));
    CHECK(media_type(Format::jpeg_or_png, opaque) == "image/jpeg");
    CHECK(starts_with(clear, png_signature));
    CHECK(media_type(Format::jpeg_or_png, clear) == "image/png");
    CHECK(media_type(Format::png8, clear) == "image/png");
    CHECK(media_type(Format::jpeg_or_png, {}) == "image/png");
}

TEST_CASE("a picture in 8 bits a pixel has a palette, and alpha in it")
{
    for (std::int32_t const channels : {3, 4}) {
        auto const bytes = encode(photograph(channels, 128).view(), Format::png8);
        REQUIRE(starts_with(bytes, png_signature));
        CHECK(bytes[25] == std::byte{3}); // IHDR's colour type
        auto const back = png::decode(bytes);
        CHECK(back.shape().channels == channels);
        CHECK(bytes.size() < encode(photograph(channels, 128).view(), Format::png).size());
    }
}

TEST_CASE("few colours lose nothing in 8 bits a pixel")
{
    Raster flat{{50, 50, 3}};
    for (std::int32_t x = 0; x < 150; ++x)
        flat.row(7)[x] = static_cast<std::uint8_t>(x / 3 * 5);
    CHECK(encode(flat.view(), Format::png8) == encode(flat.view(), Format::png));
}
