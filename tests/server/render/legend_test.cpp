// SPDX-License-Identifier: Apache-2.0
#include "server/render/legend.hpp"

#include "pyramid/raster/codec.hpp"
#include "server/catalog/catalog.hpp"
#include "server/render/legend_drawing.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

/// A layer of one painted pyramid.
struct Painted {
    test::TemporaryFolder folder;
    std::shared_ptr<Layer const> layer;
    Caches caches;

    explicit Painted(test::PaintedPyramid painted)
    {
        test::paint_pyramid(folder.path(), painted);
        CatalogOptions options;
        options.store = folder.path();
        layer = load_catalog(options)->layers().at(0);
    }

    Raster draw(LegendRequest const& legend)
    {
        return png::decode(as_bytes(as_text(*render_legend(legend, caches))));
    }
};

Painted values()
{
    return Painted{{.name = "values", .format = "TIFF_ZIP_FLOAT32", .channels = 1}};
}

LayerStyle classes(std::vector<PaletteColour> colours, bool is_blend = false)
{
    LayerStyle style;
    style.identifier = style.definition = is_blend ? "blended depth" : "depth";
    style.title = MultilingualText{"Depth"};
    style.palette = Palette{.colours = std::move(colours), .rgb_continuous = is_blend};
    return style;
}

std::vector<int> pixel(Raster const& picture, std::int32_t x, std::int32_t y)
{
    auto const channels = picture.shape().channels;
    auto const* first = picture.row(y) + x * channels;
    return {first, first + channels};
}

} // namespace

TEST_CASE("swatches have the colours of their rows, and a blend those between")
{
    auto painted = values();
    auto const style = classes({{0, 255, 0, 0, 255}, {1, 0, 0, 255, 255}});
    LegendRequest const flat{.layers = {{painted.layer, &style}}, .swatch_width = 30, .swatch_height = 40};
    auto const drawn = painted.draw(flat);
    CHECK(drawn.shape().width == size_of(flat).width);
    CHECK(drawn.shape().height == size_of(flat).height);
    CHECK(pixel(drawn, 15, 20) == std::vector{255, 0, 0});
    CHECK(pixel(drawn, 15, 42) == std::vector{255, 0, 0});
    CHECK(pixel(drawn, 15, 44) == std::vector{255, 255, 255}); // between the two
    CHECK(pixel(drawn, 15, 48) == std::vector{0, 0, 255});
    CHECK(pixel(drawn, 4, 20) == std::vector{128, 128, 128}); // the frame
    CHECK(pixel(drawn, 1, 1) == std::vector{255, 255, 255});
}

TEST_CASE("a ramp is ten swatches high, has the highest value at its top and a tick at each label")
{
    auto painted = values();
    auto const style = classes({{0, 255, 0, 0, 255}, {1, 0, 0, 255, 255}}, true);
    auto const drawn =
        painted.draw({.layers = {{painted.layer, &style}}, .swatch_width = 30, .swatch_height = 40});
    auto const top = 4 + Lettering{12}.line_height() / 2;
    CHECK(pixel(drawn, 15, top) == std::vector{128, 128, 128});
    CHECK(pixel(drawn, 15, top - 1) == std::vector{255, 255, 255});
    CHECK(pixel(drawn, 15, top + 399) == std::vector{128, 128, 128});
    CHECK(pixel(drawn, 15, top + 400) == std::vector{255, 255, 255});
    CHECK(pixel(drawn, 15, top + 2)[2] > 250);
    CHECK(pixel(drawn, 15, top + 397)[0] > 250);
    auto const between = pixel(drawn, 15, top + 200);
    CHECK(between[0] == Approx(128).margin(2));
    CHECK(between[2] == Approx(128).margin(2));
    for (auto const y : {0, 399}) // 1 and 0
        CHECK(pixel(drawn, 4 + 30 + 2, top + y) == std::vector{128, 128, 128});
}

TEST_CASE("of many classes a legend tells some, and how many there are beside them")
{
    auto painted = values();
    std::vector<PaletteColour> many;
    for (int value = 0; value < 1000; ++value)
        many.push_back({static_cast<double>(value), 1, 2, 3, 255});
    auto const style = classes(many);
    LegendRequest legend{.layers = {{painted.layer, &style}}};
    CHECK(size_of(legend).height < 1400);
    auto const last_line = [&] { return std::get<Line>(drawing_of(legend).marks.back()).text; };
    CHECK(last_line() == "… 936 more");
    legend.language = Language::french;
    CHECK(last_line() == "… 936 autres");
}

TEST_CASE("long titles are broken, and end")
{
    auto painted = values();
    auto described = std::make_shared<Layer>(*painted.layer);
    for (int i = 0; i < 500; ++i)
        described->description.title += "words and ";
    StyledLayer const styled{described, described->find_style("elevation")};
    auto const size = size_of({.layers = {styled, styled}});
    CHECK(size.width < 400);
    CHECK(size.height < 600);
}

TEST_CASE("of a text that is longer than its lines no more is laid out than they hold")
{
    auto painted = values();
    auto described = std::make_shared<Layer>(*painted.layer);
    for (int i = 0; i < 5000; ++i)
        described->description.title += "\u0301"; // takes no room
    StyledLayer const styled{described, described->find_style("elevation")};
    auto const title = std::get<Line>(drawing_of({.layers = {styled, styled}}).marks.front()).text;
    CHECK(title.size() < 1100);
    CHECK(title.ends_with("\u0301 …"));
}

TEST_CASE("a legend grows with its scale, and keeps its proportions")
{
    auto painted = values();
    LegendRequest legend{.layers = {{painted.layer, painted.layer->find_style("elevation")}}};
    auto const plain = size_of(legend);
    legend.scale = 3;
    auto const large = size_of(legend);
    CHECK(large.width == Approx(3 * plain.width).epsilon(0.05));
    CHECK(large.height == Approx(3 * plain.height).epsilon(0.05));
    CHECK(painted.draw(legend).shape().width == large.width);
}

TEST_CASE("several layers stand below one another under their titles")
{
    auto painted = values();
    StyledLayer const one{painted.layer, painted.layer->find_style("elevation")};
    auto const single = size_of({.layers = {one}}), both = size_of({.layers = {one, one}});
    CHECK(both.height > 2 * single.height);
    auto const drawn = painted.draw({.layers = {one, one}, .transparent = true});
    CHECK(drawn.shape().height == both.height);
    CHECK(drawn.shape().channels == 4);
}

TEST_CASE("the legend of a picture is the picture, small")
{
    Painted painted{{.name = "picture"}};
    LegendRequest legend{.layers = {{painted.layer, painted.layer->find_style("normal")}}};
    auto const drawn = painted.draw(legend);
    CHECK(std::max(drawn.shape().width, drawn.shape().height) == 96);
    auto const ground = painted.layer->pyramid.extent();
    CHECK(static_cast<double>(drawn.shape().width) / drawn.shape().height ==
          Approx(ground.width() / ground.height()).epsilon(0.02));
    bool has_colours = false;
    for (std::int32_t y = 0; y < drawn.shape().height; ++y)
        has_colours = has_colours || pixel(drawn, drawn.shape().width / 2, y) != std::vector{255, 255, 255};
    CHECK(has_colours);
    legend.swatch_width = legend.swatch_height = 20;
    CHECK(std::max(size_of(legend).width, size_of(legend).height) == 20);
}

TEST_CASE("what a legend depends on is in its facts")
{
    auto painted = values();
    LegendRequest const legend{.layers = {{painted.layer, painted.layer->find_style("elevation")}}};
    auto const facts = facts_of(legend);
    auto other = legend;
    other.scale = 2;
    CHECK(facts_of(other) != facts);
    other = legend;
    other.language = Language::french;
    CHECK(facts_of(other) != facts);
    other = legend;
    other.swatch_width = 9;
    CHECK(facts_of(other) != facts);
    other = legend;
    other.transparent = true;
    CHECK(facts_of(other) != facts);
    other = legend;
    other.background = {1, 2, 3};
    CHECK(facts_of(other) != facts);
    other = legend;
    other.layers = {{painted.layer, painted.layer->find_style("normal")}};
    CHECK(facts_of(other) != facts);
}
