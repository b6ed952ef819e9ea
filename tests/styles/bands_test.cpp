// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace ardoise;

namespace {

Style const& shipped(std::string_view name)
{
    auto const all = shipped_styles();
    return *std::find_if(all.begin(), all.end(),
                         [&](Style const& style) { return style.identifier == name; });
}

/// One pixel of red, green, blue and near infrared.
std::vector<int> shown(std::string_view style, std::vector<std::uint8_t> const& bands)
{
    MaskedRaster pixel{{1, 1, static_cast<std::int32_t>(bands.size()), SampleType::uint8}};
    std::copy(bands.begin(), bands.end(), pixel.pixels.row(0));
    auto const picture = apply(shipped(style), std::move(pixel)).pixels;
    return {picture.row(0), picture.row(0) + picture.shape().channels};
}

} // namespace

TEST_CASE("one delivery of four bands is true colour and colour infrared, opaque both")
{
    CHECK(shown("rgb", {1, 2, 3, 0}) == std::vector{1, 2, 3});
    CHECK(shown("irc", {1, 2, 3, 0}) == std::vector{0, 1, 2});
}

TEST_CASE("grey is the luma of colours, and the first of fewer bands")
{
    CHECK(shown("grey", {255, 0, 0}) == std::vector{76});
    CHECK(shown("grey", {0, 255, 0, 9}) == std::vector{150});
    CHECK(shown("grey", {0, 0, 255}) == std::vector{29});
    CHECK(shown("grey", {200, 200, 200}) == std::vector{200});
    CHECK(shown("grey", {42}) == std::vector{42});
    MaskedRaster words{{1, 1, 3, SampleType::uint16}};
    std::fill_n(words.pixels.row<std::uint16_t>(0), 3, std::uint16_t{65535});
    CHECK(apply(shipped("grey"), std::move(words)).pixels.row(0)[0] == 255);
}

TEST_CASE("plants are green by NDVI of either order of bands, and water by NDWI")
{
    auto const plants = shown("ndvi", {40, 60, 30, 200}), same = shown("ndvi-irc", {200, 40, 60});
    CHECK(plants == same);
    CHECK(plants[1] > plants[0]);
    auto const soil = shown("ndvi", {150, 120, 90, 140});
    CHECK(soil[0] > soil[1]);
    auto const water = shown("ndwi", {30, 90, 80, 10});
    CHECK(water[2] > water[0]);
}

TEST_CASE("a style of bands fits layers that have them")
{
    for (auto const* of_four : {"irc", "ndvi", "ndwi"}) {
        CHECK(misfit(shipped(of_four), 3, SampleType::uint8));
        CHECK_FALSE(misfit(shipped(of_four), 4, SampleType::uint16));
    }
    CHECK(misfit(shipped("rgb"), 1, SampleType::uint8));
    for (auto const* of_three : {"rgb", "ndvi-irc"})
        CHECK_FALSE(misfit(shipped(of_three), 3, SampleType::uint8));
    CHECK_FALSE(misfit(shipped("grey"), 1, SampleType::float32));
}

TEST_CASE("the stretch of a style of three of four bands is that of the three")
{
    auto const style = parse_style({R"({"identifier":"s","title":"S","bands":[4,1,2],)"
                                    R"("tone":{"stretch":{"low":50,"high":150}}})",
                                    "s.json"});
    MaskedRaster pixel{{1, 1, 4, SampleType::uint8}};
    for (std::uint8_t i = 0; i < 4; ++i)
        pixel.pixels.row(0)[i] = static_cast<std::uint8_t>(50 * i);
    auto const picture = apply(style, std::move(pixel)).pixels;
    CHECK(std::vector<int>{picture.row(0), picture.row(0) + 3} == std::vector{255, 0, 0});
}

TEST_CASE("a class is called by its label in the language that is asked for, or in English, or as it is")
{
    auto const style = parse_style(
        {R"({"identifier":"c","title":"C","classes":[)"
         R"({"value":2,"colour":"#ff8000","label":{"fr":"Forêt","en":"Forest"}},)"
         R"({"value":1,"red":1,"green":2,"blue":3,"label":"Eau"},)"
         R"({"value":7,"colour":"#00000080"},{"value":9,"colour":"#fff000","label":{"fr":"Mer"}}]})",
         "c.json"});
    CHECK(label_of(style, 2) == "Forest");
    CHECK(label_of(style, 2, "fr") == "Forêt");
    CHECK(label_of(style, 2, "de") == "Forest");
    CHECK(label_of(style, 1, "fr") == "Eau");
    CHECK(label_of(style, 9) == "Mer");
    CHECK(label_of(style, 7).empty());
    CHECK(label_of(style, 1.5).empty());
    CHECK(style.shows_classes());
    CHECK_FALSE(style.shows_values());
    CHECK(style.palette->colours.front().value == 1);
    CHECK(style.palette->colours[2].alpha == 128);
}

TEST_CASE("heights in the colours of a picture are made of one channel, never of four")
{
    auto const style = parse_style({R"({"identifier":"t","title":"T","terrainrgb":{}})", "t.json"});
    CHECK(misfit(style, 4, SampleType::uint8) == "is for one channel; this layer has 4");
    CHECK_FALSE(misfit(style, 1, SampleType::float32));
}

TEST_CASE("an index has the same colours of 8 bits as of 16")
{
    auto const with_palette = [](std::string const& palette) {
        return parse_style(
            {R"({"identifier":"n","title":"N","normalised_difference":{"a":3,"b":1},"palette":)" + palette +
                 "}",
             "n.json"});
    };
    auto const channels =
        GENERATE(3, 4); // of the data; those of the picture follow from the palette, which may be transparent
    auto const* palette = GENERATE(R"({"name":"RdYlGn","range":[-0.2,0.8]})",
                                   R"({"alpha_continuous":true,"colours":[
                                        {"value":-0.5,"red":9,"green":8,"blue":7,"alpha":0},
                                        {"value":0.5,"red":200,"green":100,"blue":50,"alpha":255}]})");
    auto const style = with_palette(palette);
    MaskedRaster narrow{{256, 256, channels, SampleType::uint8}};
    MaskedRaster wide{{256, 256, channels, SampleType::uint16}};
    for (std::int32_t a = 0; a < 256; ++a)
        for (std::int32_t b = 0; b < 256; ++b) {
            narrow.pixels.row(a)[b * channels + 2] = static_cast<std::uint8_t>(a);
            narrow.pixels.row(a)[b * channels] = static_cast<std::uint8_t>(b);
            wide.pixels.row<std::uint16_t>(a)[b * channels + 2] = static_cast<std::uint16_t>(a);
            wide.pixels.row<std::uint16_t>(a)[b * channels] = static_cast<std::uint16_t>(b);
        }
    auto const of_narrow = apply(style, std::move(narrow)).pixels,
               of_wide = apply(style, std::move(wide)).pixels;
    REQUIRE(of_narrow.shape() == of_wide.shape());
    CHECK(std::equal(of_narrow.row(0), of_narrow.row(0) + of_narrow.shape().bytes(), of_wide.row(0)));
}
