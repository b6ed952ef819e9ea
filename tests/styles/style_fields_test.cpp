// SPDX-License-Identifier: Apache-2.0
// Each field of each block of a style file, wrong: what is said names its path.
#include "styles/style.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

std::string said_of(std::string const& members)
{
    return failure_text([&] {
        parse_style(
            {fmt::format(R"({{"identifier":"s","title":"S"{}{}}})", members.empty() ? "" : ",", members),
             "s.json"});
    });
}

} // namespace

TEST_CASE("every field of a style file that is wrong is named by its path")
{
    struct {
        char const *members, *said;
    } const rows[] = {
        {R"("abstract":3)", "s.json: abstract: "},
        {R"("keywords":"a")", "s.json: keywords: "},
        {R"("keywords":["a",""])", "s.json: keywords[1]: "},
        {R"("titel":"a")", "the nearest is \"title\""},
        {R"("legend":{"urll":"x"})", "s.json: legend: line"},

        {R"("palette":[])", "s.json: palette: "},
        {R"("palette":{"rgb_continuous":1,"colours":[]})", "s.json: palette.rgb_continuous: "},
        {R"("palette":{"alpha_continuous":"yes","colours":[]})", "s.json: palette.alpha_continuous: "},
        {R"("palette":{"no_alpha":0,"colours":[]})", "s.json: palette.no_alpha: "},
        {R"("palette":{"colours":3})", "s.json: palette.colours: "},
        {R"("palette":{"colours":[{"value":"x","red":0,"green":0,"blue":0,"alpha":0}]})",
         "s.json: palette.colours[0].value: "},
        {R"("palette":{"colours":[{"value":0,"red":0,"green":256,"blue":0,"alpha":0}]})",
         "s.json: palette.colours[0].green: "},
        {R"("palette":{"colours":[{"value":0,"red":0,"green":0,"blue":-1,"alpha":0}]})",
         "s.json: palette.colours[0].blue: "},
        {R"("palette":{"colours":[{"value":0,"red":0,"green":0,"blue":0}]})",
         "s.json: palette.colours[0]: has no \"alpha\""},
        {R"("palette":{"colours":[{"value":0,"red":0,"gren":0,"blue":0,"alpha":0}]})",
         "the nearest is \"green\""},
        {R"("palette":{"colours":[{"value":-1.7e308,"red":0,"green":0,"blue":0,"alpha":0},)"
         R"({"value":1.7e308,"red":0,"green":0,"blue":0,"alpha":0}]})",
         "s.json: palette: spans more than numbers hold"},
        {R"("palette":{"colours":[{"value":1e999,"red":0,"green":0,"blue":0,"alpha":0}]})",
         "s.json: palette.colours[0].value: is a larger number than can be held"},
        {R"("palette":{"name":"virdis","range":[0,1]})",
         "s.json: palette.name: there is no palette \"virdis\"; there are "},
        {R"("palette":{"name":"viridis"})", "s.json: palette: has no \"range\""},
        {R"("palette":{"name":"viridis","range":[1,1]})", "s.json: palette.range: expected two numbers"},
        {R"("palette":{"name":"viridis","range":[1,2,3]})", "s.json: palette.range: expected two numbers"},
        {R"("palette":{"name":"viridis","range":[0,"x"]})", "s.json: palette.range[1]: "},
        {R"("palette":{"name":"viridis","range":[0,1],"reverse":"no"})", "s.json: palette.reverse: "},
        {R"("palette":{"name":"viridis","range":[0,1],"colours":[]})",
         "s.json: palette.colours: a palette has colours, or a name and a range"},
        {R"("palette":{"range":[0,1],"colours":[]})", "s.json: palette.range: a palette has colours"},
        {R"("palette":{"reverse":true,"colours":[]})", "s.json: palette.reverse: a palette has colours"},

        {R"("pente":{"algo":"X"})", "s.json: pente.algo: "},
        {R"("pente":{"unit":"percent"})", "s.json: pente.unit: "},
        {R"("pente":{"slope_max":"x"})", "s.json: pente.slope_max: "},
        {R"("exposition":{"min_slope":90})", "s.json: exposition.min_slope: "},
        {R"("estompage":{"azimuth":361})", "s.json: estompage.azimuth: "},
        {R"("estompage":{"z_factor":"x"})", "s.json: estompage.z_factor: "},
        {R"("terrainrgb":{"step":0})", "s.json: terrainrgb.step: "},
        {R"("terrainrgb":{},"palette":{"colours":[]})",
         "s.json: palette: terrainrgb and colorize make colours"},
        {R"("colorize":{"source":[1,2]})", "s.json: colorize.source: "},
        {R"("colorize":{"destination":[1,2,300]})", "s.json: colorize.destination[2]: "},
        {R"("colorize":{"tolerance":256})", "s.json: colorize.tolerance: "},

        {R"("bands":[])", "s.json: bands: expected one band, or three"},
        {R"("bands":[1,2,3,4])", "s.json: bands: expected one band, or three"},
        {R"("bands":[1,5,2])", "s.json: bands[1]: "},
        {R"("bands":[0])", "s.json: bands[0]: "},
        {R"("grey":{"band":1})", "s.json: grey: has no fields"},
        {R"("grey":true)", "s.json: grey: "},
        {R"("bands":[1],"grey":{})", "s.json: grey: a style has one treatment"},
        {R"("normalised_difference":{"a":1})", "s.json: normalised_difference: has no \"b\""},
        {R"("normalised_difference":{"a":2,"b":2})", "s.json: normalised_difference.b: "},
        {R"("normalised_difference":{"a":5,"b":2})", "s.json: normalised_difference.a: "},

        {R"("tone":3)", "s.json: tone: "},
        {R"("tone":{"gama":1})", "the nearest is \"gamma\""},
        {R"("tone":{"gamma":0})", "s.json: tone.gamma: expected 0.1 to 10, not 0"},
        {R"("tone":{"gamma":"x"})", "s.json: tone.gamma: "},
        {R"("tone":{"sharpen":-1})", "s.json: tone.sharpen: expected 0 to 10"},
        {R"("tone":{"stretch":{"low":3}})", "s.json: tone.stretch: has no \"high\""},
        {R"("tone":{"stretch":{"low":3,"high":3}})", "s.json: tone.stretch.high: expected a value above low"},
        {R"("tone":{"stretch":{"percentiles":[2]}})", "s.json: tone.stretch.percentiles: "},
        {R"("tone":{"stretch":{"percentiles":[-1,98]}})", "s.json: tone.stretch.percentiles[0]: "},
        {R"("tone":{"stretch":{"percentiles":[2,101]}})", "s.json: tone.stretch.percentiles[1]: "},
        {R"("tone":{"stretch":{"percentiles":[2,98],"low":1}})", "s.json: tone.stretch.low: "},
        {R"("tone":{},"palette":{"name":"viridis","range":[0,1]})", "s.json: tone: is for pictures"},
        {R"("tone":{},"estompage":{})", "s.json: tone: is for pictures"},
        {R"("tone":{},"colorize":{})", "s.json: tone: is for pictures"},

        {R"("classes":{})", "s.json: classes: "},
        {R"("classes":[])", "s.json: classes: is empty"},
        {R"("classes":[{"colour":"#000000"}])", "s.json: classes[0]: has no \"value\""},
        {R"("classes":[{"value":1}])", "s.json: classes[0]: has no \"red\""},
        {R"("classes":[{"value":1,"colour":"red"}])",
         "s.json: classes[0].colour: expected a colour like #00c5ff"},
        {R"("classes":[{"value":1,"colour":"#12345g"}])", "s.json: classes[0].colour: "},
        {R"("classes":[{"value":1,"colour":"#-11111"}])", "s.json: classes[0].colour: "},
        {R"("classes":[{"value":1,"colour":"#000000","alpha":3}])", "s.json: classes[0].alpha: is said by"},
        {R"("classes":[{"value":1,"red":1,"green":1,"blue":1,"alpha":300}])", "s.json: classes[0].alpha: "},
        {R"("classes":[{"value":1,"colour":"#000000"},{"value":1,"colour":"#000001"}])",
         "s.json: classes[1].value: 1 is another class already"},
        {R"("classes":[{"value":1,"colour":"#000000","label":""}])", "s.json: classes[0].label: is empty"},
        {R"("classes":[{"value":1,"colour":"#000000","label":{}}])", "s.json: classes[0].label: is empty"},
        {R"("classes":[{"value":1,"colour":"#000000","label":{"fr":3}}])", "s.json: classes[0].label.fr: "},
        {R"("classes":[{"value":1,"colour":"#000000","label":["a"]}])", "s.json: classes[0].label: "},
        {R"("classes":[{"value":1,"colour":"#000000"}],"bands":[1])", "s.json: classes: classes are values"},
        {R"("classes":[{"value":1,"colour":"#000000"}],"palette":{"name":"viridis","range":[0,1]})",
         "s.json: classes: classes are values"},
    };
    CHECK(said_of("") == "(no failure)");
    for (auto const& [members, said] : rows) {
        INFO(members);
        CHECK_THAT(said_of(members), Contains(said));
    }
}
