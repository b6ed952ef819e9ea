// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/layer_description.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

/// Some tiles of western France in Web Mercator, one channel of heights or three of colour.
class Described {
public:
    explicit Described(int channels = 3)
    {
        pyramid_ = test::paint_pyramid(folder_.path(),
                                       {.name = "ortho",
                                        .format = channels == 1 ? "TIFF_ZIP_FLOAT32" : "TIFF_PNG_UINT8",
                                        .bottom = "8",
                                        .bottom_tiles = {{126, 89}, {128, 91}},
                                        .channels = channels});
    }

    LayerDescription by(std::string const& text) const
    {
        return parse_layer_description(HandwrittenJson{text, "ortho.json"}, pyramid_,
                                       {sets_, styles_, others_});
    }
    void become_vector_tiles() { pyramid_.format.compression = TileCompression::vector; }

private:
    test::TemporaryFolder folder_;
    TileMatrixSetLibrary sets_;
    StyleLibrary styles_{{}};
    LayersByName others_;
    Pyramid pyramid_;
};

} // namespace

TEST_CASE("a description says all that there is to say of a layer")
{
    auto const it = Described{}.by(R"({
        "title": "Été 2022 <5 cm>", "abstract": "Flown in June.", "keywords": ["ortho", "Anjou"],
        "attribution": {"title": "Ville", "url": "https://ville.example",
                        "logo": {"width": 64, "height": 32, "format": "image/png", "url": "http://ville.example/l.png"}},
        "metadata": [{"type": "ISO19115:2003", "format": "text/xml", "url": "https://geo.example/m.xml"}],
        "data": [{"format": "application/zip", "url": "https://geo.example/d.zip"}],
        "authority": {"name": "angers", "url": "https://angers.example"}, "identifier": "FR-49007/ortho 2022",
        "inspire_name": "OI.OrthoimageCoverage",
        "group": "Orthophotos/2022", "min_scale": 100, "max_scale": 25000.5, "styles": ["normal"],
        "bbox": {"west": -2, "south": 47.2, "east": -1, "north": 48},
        "extra_crs": ["EPSG:3035", "EPSG:27572"], "extra_tilematrixsets": ["4326"],
        "pyramids": [{"path": "/elsewhere/ortho.json", "top_level": "0", "bottom_level": "8"}]})");
    CHECK(it.title == "Été 2022 <5 cm>");
    CHECK(it.abstract == "Flown in June.");
    CHECK(it.keywords == std::vector<std::string>{"ortho", "Anjou"});
    REQUIRE(it.authority);
    CHECK(it.authority->name == "angers");
    CHECK(it.authority->url == "https://angers.example");
    CHECK(it.identifier == "FR-49007/ortho 2022");
    CHECK(it.inspire_name == "OI.OrthoimageCoverage");
    REQUIRE(it.attribution);
    CHECK(it.attribution->title == "Ville");
    CHECK(it.attribution->url == "https://ville.example");
    REQUIRE(it.attribution->logo);
    CHECK(it.attribution->logo->width == 64);
    CHECK(it.attribution->logo->height == 32);
    CHECK(it.attribution->logo->format == "image/png");
    CHECK(it.attribution->logo->url == "http://ville.example/l.png");
    REQUIRE(it.metadata.size() == 1);
    CHECK(it.metadata[0].type == "ISO19115:2003");
    CHECK(it.metadata[0].format == "text/xml");
    CHECK(it.metadata[0].url == "https://geo.example/m.xml");
    REQUIRE(it.data.size() == 1);
    CHECK(it.data[0].format == "application/zip");
    CHECK(it.group == "Orthophotos/2022");
    CHECK(it.min_scale == 100);
    CHECK(it.max_scale == 25000.5);
    REQUIRE(it.styles.size() == 1);
    CHECK(it.styles[0].identifier == "normal");
    CHECK(it.bbox == BoundingBox{-2, 47.2, -1, 48});
    REQUIRE(it.extra_crs.size() == 2);
    CHECK(it.extra_crs[0].code() == "EPSG:3035");
    REQUIRE(it.extra_sets.size() == 1);
    CHECK(it.extra_sets[0]->id == "4326");
}

TEST_CASE("nothing need be said, and comments may be")
{
    auto const it = Described{}.by("// of the city\n{ /* nothing */ }");
    CHECK(it.title.empty());
    CHECK_FALSE(it.attribution);
    CHECK_FALSE(it.bbox);
    CHECK(it.styles.empty());
}

TEST_CASE("the first style is the default")
{
    auto const it = Described{1}.by(R"({"styles": ["normal", "elevation"]})");
    REQUIRE(it.styles.size() == 2);
    CHECK(it.styles[0].identifier == "normal");
    CHECK(it.styles[1].identifier == "elevation");
}

TEST_CASE("each mistake in a description is told with its place")
{
    struct {
        char const *text, *message;
    } const rows[] = {
        {"[]", "ortho.json: expected an object"},
        {"{\n\"title\": 3}", "ortho.json: title: expected a string"},
        {R"({"title": " "})", "ortho.json: title: is empty; leave it out, or write something"},
        {"{\n\n  \"titel\": \"x\"}",
         "ortho.json: line 3: there is no key \"titel\"; the nearest is \"title\""},
        {"{\"title\": \"titel\", // \"titel\": no\n\n \"attribution\": {\"title\": \"\\\"uri\\\": "
         "\",\n\"uri\": 1}}",
         "ortho.json: attribution: line 4: there is no key \"uri\"; the nearest is \"url\""},
        {R"({"keywords": "ortho"})", "ortho.json: keywords: expected an array"},
        {R"({"keywords": ["a", 3]})", "ortho.json: keywords[1]: expected a string"},
        {R"({"attribution": {"url": "https://x"}})", "ortho.json: attribution: has no \"title\""},
        {R"({"attribution": {"title": "x", "url": "javascript:x"}})",
         "ortho.json: attribution.url: expected an address like https://ortho.example.fr, not "
         "\"javascript:x\""},
        {R"({"attribution": {"title": "x", "logo": {"width": 0}}})",
         "ortho.json: attribution.logo.width: is 0, expected 1 to 10000"},
        {R"({"attribution": {"title": "x", "logo": {"width": 1, "height": 1, "format": "png"}}})",
         "ortho.json: attribution.logo.format: expected a media type like text/html, not \"png\""},
        {R"({"metadata": [{"type": "ISO 19115", "format": "text/xml", "url": "https://x"}]})",
         "ortho.json: metadata[0].type: expected one word like ISO19115:2003, not \"ISO 19115\""},
        {R"({"identifier": "x"})",
         "ortho.json: identifier: wants an \"authority\", {name, url}, that it is from"},
        {R"({"authority": {"name": "a b", "url": "https://x"}})",
         "ortho.json: authority.name: expected one word like ISO19115:2003, not \"a b\""},
        {R"({"authority": {"name": "ab"}})", "ortho.json: authority: has no \"url\""},
        {R"({"inspire_name": "OI/x"})",
         "ortho.json: inspire_name: expected a name like OI.OrthoimageCoverage, not \"OI/x\""},
        {R"({"data": [{"format": "text/html"}]})", "ortho.json: data[0]: has no \"url\""},
        {R"({"group": "a//b"})",
         "ortho.json: group: expected titles with slashes between them and no commas, as "
         "\"Orthophotos/2022\", not \"a//b\""},
        {R"({"group": ""})", "ortho.json: group: expected titles with slashes between them and no commas, as "
                             "\"Orthophotos/2022\", not \"\""},
        {R"({"group": "a,b"})",
         "ortho.json: group: expected titles with slashes between them and no commas, as "
         "\"Orthophotos/2022\", not \"a,b\""},
        {R"({"group": "a/../b"})",
         "ortho.json: group: no group can be called \"..\": clients cut that out of addresses"},
        {R"({"unit": ""})", "ortho.json: unit: is empty; leave it out, or write something"},
        {R"({"unit": "m\nabove"})",
         "ortho.json: unit: expected a unit like m or mm/h, in 32 bytes at most, not \"m\nabove\""},
        {R"({"unit": "metres above the level of the seas"})",
         "ortho.json: unit: expected a unit like m or mm/h, in 32 bytes at most, not \"metres above the "
         "level "
         "of the seas\""},
        {R"({"min_scale": 0})",
         "ortho.json: min_scale: expected a scale denominator above 0, as 25000 for 1:25000"},
        {R"({"min_scale": 500, "max_scale": 100})",
         "ortho.json: max_scale: is not above min_scale; both are denominators"},
        {R"({"styles": ["elevation"]})",
         "ortho.json: styles[0]: the style elevation colours one channel; this layer has 3"},
        {R"({"styles": [{"style": "normal", "layer": "irc"}]})",
         "ortho.json: styles[0].layer: there is no pyramid \"irc\""},
        {R"({"styles": ["normal", {"style": "normal", "title": "again"}]})",
         "ortho.json: styles: two styles are called \"normal\": give one another \"identifier\""},
        {R"({"styles": ["normal", "normal"]})", "ortho.json: styles[1]: stands there twice"},
        {R"({"bbox": {"west": 2, "south": 47, "east": 1, "north": 48}})",
         "ortho.json: bbox: is empty: expected west below east and south below north"},
        {R"({"bbox": {"west": 10, "south": 47, "east": 11, "north": 48}})",
         "ortho.json: bbox: lies beside the pyramid, which covers west -2.8125, south 46.0732, east 0.0000, "
         "north 47.9899"},
        {R"({"extra_crs": ["EPSG:99999"]})", "ortho.json: extra_crs[0]: the coordinate reference system "
                                             "\"EPSG:99999\" is not known to PROJ; use a "
                                             "code such as EPSG:2154"},
        {R"({"extra_crs": ["EPSG:4978"]})",
         "ortho.json: extra_crs[0]: EPSG:4978 (WGS 84) is not meant for the ground that the layer covers"},
        {R"({"extra_crs": ["3035"]})",
         "ortho.json: extra_crs[0]: expected a code like EPSG:3035, not \"3035\""},
        {R"({"extra_crs": ["+proj=merc"]})",
         "ortho.json: extra_crs[0]: expected a code like EPSG:3035, not \"+proj=merc\""},
        {R"({"extra_crs": ["EPSG:2193"]})", "ortho.json: extra_crs[0]: EPSG:2193 (NZGD2000 / New Zealand "
                                            "Transverse Mercator 2000) is not meant for "
                                            "the ground that the layer covers"},
        {R"({"extra_tilematrixsets": ["../PM"]})",
         "ortho.json: extra_tilematrixsets[0]: expected the id of a set, not \"../PM\""},
        {R"({"pyramids": [{"path": "other.json"}]})",
         "ortho.json: pyramids: layers of several pyramids, or of "
         "some levels of one, are not supported yet: leave "
         "it out, or name ortho.json with its levels 0 to 8"},
        {R"({"pyramids": [{"path": "ortho.json", "top_level": "3"}]})",
         "ortho.json: pyramids: layers of several pyramids, or of some levels of one, are not supported yet: "
         "leave "
         "it out, or name ortho.json with its levels 0 to 8"}};
    Described const ortho;
    for (auto const& row : rows) {
        INFO(row.text);
        CHECK(test::failure_text([&] { ortho.by(row.text); }) == row.message);
    }
    CHECK_THAT(test::failure_text([&] { ortho.by(R"({"styles": ["heat"]})"); }),
               Catch::StartsWith("ortho.json: styles[0]: there is no style \"heat\"; there are "));
    CHECK_THAT(test::failure_text([&] { ortho.by(R"({"styles": ["contours"]})"); }),
               Catch::Contains("styles[0]: the style contours is for heights"));
}

TEST_CASE("a set that is not known is told with where it was looked for")
{
    Described const ortho;
    CHECK_THAT(
        test::failure_text([&] { ortho.by(R"({"extra_tilematrixsets": ["NOPE"]})"); }),
        Catch::StartsWith("ortho.json: extra_tilematrixsets[0]: the tile matrix set \"NOPE\" is not known"));
}

TEST_CASE("vector tiles are offered in no further set")
{
    Described words;
    words.become_vector_tiles();
    CHECK(test::failure_text([&] { words.by(R"({"extra_tilematrixsets": ["4326"]})"); }) ==
          "ortho.json: extra_tilematrixsets[0]: vector tiles are offered in their own set only");
}

TEST_CASE("a set beside the layer's ground is refused")
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "mine.json", R"({"id": "mine", "crs": "EPSG:3857", "tileMatrices": [
        {"id": "0", "cellSize": 10, "pointOfOrigin": [2000000, 6000000], "tileWidth": 256, "tileHeight": 256,
         "matrixWidth": 4, "matrixHeight": 4}]})");
    TileMatrixSetLibrary const sets{{folder.path()}};
    auto const pyramid = test::paint_pyramid(
        folder.path(), {.name = "ortho", .bottom = "8", .bottom_tiles = {{126, 89}, {128, 91}}});
    CHECK(test::failure_text([&] {
              parse_layer_description(HandwrittenJson{R"({"extra_tilematrixsets": ["mine"]})", "ortho.json"},
                                      pyramid, {sets, StyleLibrary{{}}, LayersByName{}});
          }) == "ortho.json: extra_tilematrixsets[0]: mine has no tile on the ground that the layer covers");
}
