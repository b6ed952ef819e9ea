// SPDX-License-Identifier: Apache-2.0
#include "server/render/legend_key.hpp"

#include "server/catalog/catalog.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

std::shared_ptr<Layer const> painted(test::PaintedPyramid const& wanted)
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), wanted);
    CatalogOptions options;
    options.store = folder.path();
    return load_catalog(options)->layers().at(0);
}

std::shared_ptr<Layer const> const& heights()
{
    static auto const layer = painted({.name = "values", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
    return layer;
}

LayerStyle style_of(Treatment treatment, std::optional<Palette> palette = {})
{
    LayerStyle style;
    style.treatment = std::move(treatment);
    style.palette = std::move(palette);
    return style;
}

LayerStyle classes(std::vector<PaletteColour> colours)
{
    return style_of(AsStored{}, Palette{.colours = std::move(colours)});
}

LegendKey key(LayerStyle const& style, Language language = Language::english,
              std::shared_ptr<Layer const> const& layer = heights())
{
    return legend_key({layer, &style}, language);
}

std::vector<std::string> seen(LegendKey const& key)
{
    std::vector<std::string> texts;
    for (auto const& entry : key.classes)
        if (entry.colour.alpha > 0)
            texts.push_back(entry.label);
    return texts;
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("classes are told with the values that they hold, but those that cannot be seen")
{
    auto const depths =
        classes({{0, 0, 0, 0, 0}, {0.5, 200, 220, 255, 255}, {1, 100, 150, 255, 255}, {2.5, 0, 0, 128, 255}});
    CHECK(seen(key(depths)) == Texts{"0.5 – 1", "1 – 2.5", "≥ 2.5"});
    CHECK(seen(key(depths, Language::french)) == Texts{"0,5 – 1", "1 – 2,5", "≥ 2,5"});
    CHECK(seen(key(classes({{1, 9, 9, 9, 255}, {2, 8, 8, 8, 255}}))) == Texts{"< 2", "≥ 2"});
    CHECK(seen(key(classes({{1, 9, 9, 9, 255}}))) == Texts{""});
    CHECK(seen(key(classes({{-99999, 9, 9, 9, 255}, {0, 1, 1, 1, 255}, {5, 8, 8, 8, 255}}))) ==
          Texts{"0 – 5", "≥ 5"});
}

TEST_CASE("values have as many digits as tell them apart")
{
    auto const thirds = classes({{-1, 1, 1, 1, 255}, {-1.0 / 3, 2, 2, 2, 255}, {1.0 / 3, 3, 3, 3, 255}});
    CHECK(seen(key(thirds)) == Texts{"< -0.33", "-0.33 – 0.33", "≥ 0.33"});
    auto const sums = classes({{0.1 + 0.2, 1, 1, 1, 255}, {0.3001, 2, 2, 2, 255}, {12345.678, 3, 3, 3, 255}});
    CHECK(seen(key(sums)) == Texts{"< 0.3001", "0.3001 – 12345.678", "≥ 12345.678"});
    CHECK(seen(key(classes({{0.1 + 0.2, 1, 1, 1, 255}, {0.5, 2, 2, 2, 255}, {1e6 / 3, 3, 3, 3, 255}}))) ==
          Texts{"< 0.5", "0.5 – 333333.33", "≥ 333333.33"});
}

TEST_CASE("a class ends where the next one begins")
{
    auto const found = key(classes({{0, 0, 0, 0, 0}, {0.5, 1, 2, 3, 255}, {3, 4, 5, 6, 255}})).classes;
    REQUIRE(found.size() == 3);
    CHECK(found[0].upper == 0.5);
    CHECK(found[1].upper == 3);
    CHECK(found[2].upper == std::numeric_limits<double>::infinity());
}

TEST_CASE("classes are called what their style calls them, in the language that is asked for")
{
    auto cover = classes({{1, 9, 9, 9, 255}, {2, 8, 8, 8, 255}, {7, 1, 1, 1, 255}});
    cover.palette->is_exact = true;
    cover.labels = {{1, MultilingualText{{{"en", "Water"}, {"fr", "Eau"}}}}, {2, MultilingualText{"Bâti"}}};
    CHECK(seen(key(cover)) == Texts{"Water", "Bâti", "7"});
    CHECK(seen(key(cover, Language::french)) == Texts{"Eau", "Bâti", "7"});
    CHECK(key(cover).is_exact);
}

TEST_CASE("what relief is measured in depends on the treatment")
{
    auto const slope = key(style_of(Slope{})).ramp;
    REQUIRE(slope);
    CHECK(slope->unit == "°");
    CHECK(slope->colours.back().value == 90);
    CHECK(int{slope->colours.back().red} == 90); // it is as dark as it is drawn
    CHECK(key(style_of(Slope{.in_percent = true})).ramp->unit == "%");
    CHECK(key(style_of(Hillshade{})).ramp->labels == RampLabels::light);
    auto const aspect = key(style_of(Aspect{}));
    CHECK(aspect.ramp->labels == RampLabels::compass);
    CHECK(seen(aspect) == Texts{"flat"});
    Palette const clear{.colours = {{-1, 255, 255, 255, 0}, {0, 9, 9, 9, 255}, {360, 99, 9, 9, 255}},
                        .rgb_continuous = true};
    CHECK(key(style_of(Aspect{}, clear)).classes.empty());
    Palette const index{.colours = {{-1, 0, 0, 0, 255}, {1, 0, 255, 0, 255}}, .rgb_continuous = true};
    CHECK(key(style_of(NormalisedDifference{}, index)).ramp->unit.empty());
}

TEST_CASE("values without a palette are shades of grey")
{
    auto const grey = key(*heights()->find_style("normal")).ramp;
    REQUIRE(grey);
    CHECK(grey->colours.back().value == 255);
    auto const words = painted({.name = "words", .format = "TIFF_ZIP_UINT16", .channels = 1});
    CHECK(key(*words->find_style("normal"), Language::english, words).ramp->colours.back().value == 65535);
    CHECK(key(style_of(BandOrder{{1}}), Language::english, words).ramp);
    auto toned = style_of(BandOrder{{1}});
    toned.tone = Tone{.stretch = {{200, 3000}}};
    CHECK(key(toned, Language::english, words).is_picture()); // black is not 0 there, nor white 65535
}

TEST_CASE("colours that mean themselves have no key")
{
    auto const picture = painted({.name = "picture"});
    CHECK(key(*picture->find_style("normal"), Language::english, picture).is_picture());
    CHECK(key(style_of(BandOrder{{3, 2, 1}}), Language::english, picture).is_picture());
    CHECK(key(style_of(Colorize{}), Language::english, picture).is_picture());
    CHECK(key(style_of(TerrainRgb{})).is_picture());
    auto draped = style_of(Hillshade{});
    draped.draped = picture;
    CHECK(key(draped).is_picture());
}
