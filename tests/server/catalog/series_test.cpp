// SPDX-License-Identifier: Apache-2.0
// Series of layers along time and elevation, and other names for their members.
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/catalog.hpp"
#include "server/catalog/series.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;

namespace {

/// A store of pyramids by some names, and what describes more.
class Store {
public:
    explicit Store(std::initializer_list<char const*> names)
    {
        for (auto const* name : names)
            paint({.name = name});
    }
    void paint(test::PaintedPyramid const& pyramid) { test::paint_pyramid(folder_.path(), pyramid); }
    void describe(std::string const& name, std::string const& text) { write_atomically(file(name), text); }
    std::filesystem::path file(std::string const& name) const
    {
        return folder_.path() / "layers" / (name + ".json");
    }
    std::filesystem::path const& path() const { return folder_.path(); }
    Catalog const& load()
    {
        CatalogOptions options;
        options.store = folder_.path();
        catalog_ = load_catalog(options, catalog_.get());
        return *catalog_;
    }
    Catalog const& catalog() const { return *catalog_; }

private:
    test::TemporaryFolder folder_;
    std::shared_ptr<Catalog const> catalog_;
};

std::string const two_years =
    R"({"dimensions": {"members": [{"layer": "b", "time": "2022"}, {"layer": "a", "time": "2005"}]}})";

std::string members(std::string const& rows, std::string const& more = "")
{
    return R"({"dimensions": {"members": [)" + rows + "]" + more + "}}";
}

/// The member's name, or "CODE: text".
std::string chosen(Layer const& layer, DimensionTexts const& wanted)
{
    auto const choice = choose(*layer.series, wanted);
    return choice ? choice->member->layer->name : choice.error().code + ": " + choice.error().text;
}

} // namespace

TEST_CASE("a description with members is a layer that stands for them")
{
    Store store{"a", "b"};
    store.describe("ortho", two_years);
    auto const& catalog = store.load();
    CHECK(catalog.troubles().empty());
    REQUIRE(catalog.layers().size() == 3);
    auto const ortho = catalog.find_layer("ortho");
    REQUIRE((ortho && ortho->series));
    REQUIRE(ortho->series->dimensions.size() == 1);
    auto const& time = ortho->series->dimensions.front();
    CHECK(time.name() == "time");
    CHECK(time.units == "ISO8601");
    REQUIRE(time.values.size() == 2);
    CHECK(time.values[0].text == "2005");
    CHECK(time.default_text() == "2022");
    CHECK(chosen(*ortho, {}) == "b");
    CHECK(chosen(*ortho, {.time = "2005", .elevation = "ignored"}) == "a");
    CHECK(choose(*ortho->series, {.time = "2005", .elevation = ""})->member->layer ==
          catalog.find_layer("a"));
}

TEST_CASE("times are chosen by any text that means them")
{
    Store store{"a", "b", "c"};
    store.describe("ortho", members(R"({"layer": "a", "time": "2005"}, {"layer": "b", "time": "2022-06-15"},
                                       {"layer": "c", "time": "2022-09-01T10:00:00.000+02:00"})"));
    auto const ortho = store.load().find_layer("ortho");
    CHECK(ortho->series->dimensions.front().values[2].text == "2022-09-01T08:00:00Z");
    struct {
        char const *text, *expected;
    } const rows[] = {
        {"2005", "a"},
        {"2005-07-14", "a"},
        {"20050714", "a"},
        {"2005-07-14T12:00:00Z", "a"},
        {"2005-01-01T00:00:00Z/2005-12-31T23:59:59Z", "a"},
        {"2022-06-15", "b"},
        {"2022-06", "b"},
        {"2022-06-15T10:00", "b"},
        {"2022-09-01T08:00:00Z", "c"},
        {"2022-09-01T10:00:00 02:00", "c"},
        {"2022", "c"}, // the newest within
        {"2022-01-01/2022-07-01", "b"},
        {"../2021", "a"},
        {"2006/..", "c"},
        {"../..", "c"},
        {"2022-06-15,2022-06-15", "b"},
        {"2005,2005-07-14", "a"},
        {"2000/2010/P1Y", "a"},
        {"current", "c"},
        {"CURRENT", "c"},
        {"default", "c"},
        {"", "c"},
    };
    for (auto const& [text, expected] : rows) {
        INFO(text);
        CHECK(chosen(*ortho, {.time = text, .elevation = ""}) == expected);
    }
    struct {
        char const *text, *reason;
    } const refused[] = {
        {"1999", "There is nothing at time 1999: there is 2005, 2022-06-15, 2022-09-01T08:00:00Z."},
        {"2006/2007", "There is nothing at time 2006/2007"},
        {"2005,2022-06-15", "A map shows one time at a time; these are 2005, 2022-06-15."},
        {"2000/2030/P1Y", "A map shows one time at a time"},
        {"2005,1999", "There is nothing at time 1999"},
        {"yesterday", "\"yesterday\" is no time"},
        {"2005/", "is no time"},
        {"2010/2005", "is no time"},
        {"2005/2010/often", "is no time"},
        {"2005/2010/P1Y/P1Y", "is no time"},
        {",", "is no time"},
        {"2005,", "is no time"},
    };
    for (auto const& [text, reason] : refused) {
        INFO(text);
        CHECK_THAT(chosen(*ortho, {.time = text, .elevation = ""}),
                   Catch::StartsWith("InvalidDimensionValue") && Contains(reason));
    }
    CHECK_THAT(chosen(*ortho, {.time = std::string(100'000, ','), .elevation = ""}), Contains("has at most"));
}

TEST_CASE("the nearest time stands for one that there is none of, where the series says so")
{
    Store store{"a", "b"};
    store.describe("ortho", members(R"({"layer": "a", "time": "2005"}, {"layer": "b", "time": "2022"})",
                                    R"(, "time": {"match": "nearest", "default": "2005"})"));
    auto const ortho = store.load().find_layer("ortho");
    for (auto const& [text, expected] : {std::pair{"1999", "a"},
                                         {"2012", "a"},
                                         {"2020", "b"},
                                         {"2050", "b"},
                                         {"2015/2021", "b"},
                                         {"", "a"},
                                         {"current", "b"}})
        CHECK(chosen(*ortho, {.time = text, .elevation = ""}) == expected);
    auto const choosing = [&](char const* text) {
        return choose(*ortho->series, {.time = text, .elevation = ""})->choosing;
    };
    CHECK(choosing("") == std::vector{Choosing::by_default});
    CHECK(choosing("2022") == std::vector{Choosing::asked});
    CHECK(choosing("current") == std::vector{Choosing::asked});
    CHECK(choosing("2050") == std::vector{Choosing::nearest});
    CHECK(choosing("2000/2030") == std::vector{Choosing::nearest});
    CHECK_THAT(chosen(*ortho, {.time = "x", .elevation = ""}), Contains("is no time"));
}

TEST_CASE("elevations are numbers, alone or beside times")
{
    Store store{"a", "b", "c", "d"};
    store.describe("sea", members(R"({"layer": "a", "elevation": -100}, {"layer": "b", "elevation": -5.5})",
                                  R"(, "elevation": {"units": "EPSG:5829"})"));
    store.describe("air", members(R"({"layer": "a", "time": "2005", "elevation": 0},
                                     {"layer": "b", "time": "2005", "elevation": 10},
                                     {"layer": "c", "time": "2022", "elevation": 10},
                                     {"layer": "d", "time": "2022", "elevation": 20})"));
    auto const& catalog = store.load();
    auto const sea = catalog.find_layer("sea"), air = catalog.find_layer("air");
    CHECK(sea->series->dimensions.front().units == "EPSG:5829");
    CHECK(sea->series->dimensions.front().values[1].text == "-5.5");
    CHECK(air->series->dimensions.back().units == "EPSG:5030");
    struct {
        Layer const& layer;
        char const *time, *elevation, *expected;
    } const rows[] = {
        {*sea, "", "", "b"},         {*sea, "", "-100", "a"},       {*sea, "", "-1e2", "a"},
        {*sea, "", "-200/-50", "a"}, {*sea, "", "-200/-50/1", "a"}, {*sea, "", "-100,-100", "a"},
        {*air, "", "", "c"},         {*air, "2005", "0", "a"},      {*air, "2005", "10", "b"},
        {*air, "2022", "20", "d"},   {*air, "", "20", "d"},         {*air, "2005", "", "b"},
    };
    for (auto const& [layer, time, elevation, expected] : rows) {
        INFO(time << " " << elevation);
        CHECK(chosen(layer, {.time = time, .elevation = elevation}) == expected);
    }
    for (auto const* elevation : {"0", "current", "x", "1e999", "nan", "-200/0", "-100,-5.5", "-100/-5.5/-1"})
        CHECK_THAT(chosen(*sea, {.time = "", .elevation = elevation}),
                   Catch::StartsWith("InvalidDimensionValue"));
    CHECK_THAT(chosen(*air, {.time = "2022", .elevation = "0"}),
               Contains("There is nothing at elevation 0: there is 10, 20."));
}

TEST_CASE("the ground, the levels and the styles of a series are those of its members")
{
    Store store{};
    store.paint({.name = "a",
                 .format = "TIFF_ZIP_FLOAT32",
                 .bottom = "3",
                 .bottom_tiles = {{4, 3}, {5, 4}},
                 .channels = 1});
    store.paint({.name = "b",
                 .format = "TIFF_ZIP_FLOAT32",
                 .bottom = "4",
                 .bottom_tiles = {{12, 6}, {14, 8}},
                 .channels = 1});
    store.describe("heights", two_years);
    auto const& catalog = store.load();
    auto const heights = catalog.find_layer("heights");
    CHECK(heights->pyramid.finest().id == "4");
    CHECK(heights->pyramid.levels[3].limits == TileRange{{4, 3}, {7, 4}});
    CHECK(heights->pyramid.finest().limits == TileRange{{8, 6}, {14, 8}});
    auto const ground =
        join(catalog.find_layer("a")->geographic_extent, catalog.find_layer("b")->geographic_extent);
    CHECK(heights->geographic_extent.min_x == Approx(ground.min_x));
    CHECK(heights->geographic_extent.max_x == Approx(ground.max_x));
    CHECK(heights->styles.front().identifier == "elevation");
    CHECK(heights->links.size() == catalog.find_layer("a")->links.size());
}

TEST_CASE("members that do not go together are left out, and it is said why")
{
    Store store{"a", "b"};
    store.paint({.name = "elsewhere", .set = "4326"});
    store.paint({.name = "grey", .channels = 1});
    store.paint({.name = "deep", .format = "TIFF_ZIP_UINT16"});
    store.describe("ortho", members(R"({"layer": "a", "time": "2001"}, {"layer": "elsewhere", "time": "2002"},
        {"layer": "grey", "time": "2003"}, {"layer": "deep", "time": "2004"}, {"layer": "gone", "time": "2005"},
        {"layer": "b", "time": "2001"}, {"layer": "b", "time": "2006"})",
                                    R"(, "time": {"default": "2005"})"));
    auto const& catalog = store.load();
    auto const& troubles = catalog.troubles();
    REQUIRE(troubles.size() == 6);
    auto const& file = store.file("ortho").string();
    char const* const reasons[] = {
        "dimensions.members[1]: elsewhere lies in 4326, but a in PM: build all members with one --tms",
        "dimensions.members[2]: grey has 1 channels, but a has 3: build all members with the same --bands",
        "dimensions.members[3]: deep holds values of 16 bits, but a holds values of 8 bits: make a series of "
        "each kind",
        "dimensions.members[4]: there is no pyramid gone.json in the store",
        "dimensions.members[5]: b has the same time and elevation as a",
        "dimensions.time.default: no member has 2005; it is 2006 instead"};
    for (std::size_t i = 0; i < troubles.size(); ++i) {
        CHECK(troubles[i].reason == file + ": " + reasons[i]);
        CHECK(troubles[i].consequence == (i < 5 ? "member left out" : "default not used"));
    }
    CHECK(catalog.find_layer("ortho")->series->members.size() == 2);
}

TEST_CASE("a series that means nothing is left out, and no other layer with it")
{
    struct {
        char const *text, *reason;
    } const rows[] = {
        {R"({"dimensions": {}})", "dimensions: "},
        {R"({"dimensions": {"members": []}})", "dimensions.members: expected 1 to 5000 members"},
        {R"({"dimensions": {"members": [{"layer": "a"}]}})",
         "members[0]: says neither \"time\" nor \"elevation\""},
        {R"({"dimensions": {"members": [{"layer": "a", "time": 2005}]}})",
         "members[0].time: expected a string"},
        {R"({"dimensions": {"members": [{"layer": "a", "time": "old"}]}})",
         "members[0].time: expected a time as"},
        {R"({"dimensions": {"members": [{"layer": "../a", "time": "2005"}]}})",
         "expected the name of a layer"},
        {R"({"dimensions": {"members": [{"layer": "z", "time": "2005"}]}})", "none of them can be used"},
        {R"({"dimensions": {"members": [{"layer": "a", "time": "2005"}, {"layer": "b", "elevation": 3}]}})",
         "members[1]: says another of"},
        {R"({"dimensions": {"members": [{"layer": "a", "time": "2005"}], "elevation": {}}})",
         "dimensions.elevation: members say no \"elevation\""},
        {R"({"dimensions": {"members": [{"layer": "a", "time": "2005"}], "time": {"match": "any"}}})",
         "expected \"exact\" or \"nearest\""},
        {R"({"dimensions": {"members": [{"layer": "a", "elevation": 1}], "elevation": {"units": "metres"}}})",
         "expected the code of a vertical system"},
        {R"({"dimensions": {"members": [{"layer": "a", "tyme": "2005"}]}})",
         "there is no key \"tyme\"; the nearest is \"time\""},
        {R"({"dimensions": {"members": [{"layer": "a", "time": "2005"}]}, "alias": {"layer": "a"}})",
         "stands beside \"dimensions\""},
        {R"({"dimensions": {"members": [{"layer": "a", "time": "2005"}]}, "bbox": {}})",
         "is a matter of the pyramids themselves"},
        {R"({"alias": {"layer": "a"}, "unit": "m"})", "unit: is a matter of the pyramids themselves"},
        {R"({"alias": {"layer": "z"}})", "alias.layer: there is no pyramid or series \"z\""},
        {R"({"alias": {"layer": "a", "time": "2005"}})", "a is no series"},
        {R"({"alias": {"layer": "other"}})", "alias.layer: there is no pyramid or series \"other\""},
        {R"({"alias": {"layer": "years", "time": "1999"}})", "There is nothing at time 1999"},
        {R"({"title": "x"})", "describes no layer, as there is no"},
        {"{", "ortho.json"},
    };
    Store store{"a", "b"};
    store.describe("other", R"({"alias": {"layer": "a"}})");
    store.describe("years", two_years);
    for (auto const& [text, reason] : rows) {
        INFO(text);
        store.describe("ortho", text);
        CatalogOptions options;
        options.store = store.path();
        auto const catalog = load_catalog(options);
        CHECK_FALSE(catalog->find_layer("ortho"));
        CHECK(catalog->layers().size() == 4);
        REQUIRE(catalog->troubles().size() == 1);
        CHECK_THAT(catalog->troubles().front().reason,
                   Catch::StartsWith(store.file("ortho").string()) && Contains(reason));
    }
}

TEST_CASE("a pyramid is no series")
{
    Store store{"a", "b"};
    store.describe("a", two_years);
    auto const& catalog = store.load();
    CHECK_FALSE(catalog.find_layer("a")->series);
    REQUIRE(catalog.troubles().size() == 1);
    CHECK_THAT(catalog.troubles().front().reason,
               Contains("a.json is a pyramid") && Contains("a-series.json"));
}

TEST_CASE("an alias stands for the newest, a certain or the only member")
{
    Store store{"a", "b"};
    store.describe("ortho", two_years);
    store.describe("latest", R"({"title": "The newest", "alias": {"layer": "ortho", "time": "current"}})");
    store.describe("before", R"({"alias": {"layer": "ortho", "time": "2005"}})");
    store.describe("plain", R"({"alias": {"layer": "a"}})");
    auto const& catalog = store.load();
    CHECK(catalog.troubles().empty());
    for (auto const& [name, member] : {std::pair{"latest", "b"}, {"before", "a"}, {"plain", "a"}}) {
        auto const layer = catalog.find_layer(name);
        REQUIRE(layer);
        CHECK(layer->name == name);
        CHECK(layer->series->is_alias());
        CHECK(chosen(*layer, {.time = "whatever", .elevation = ""}) == member);
    }
    CHECK(catalog.find_layer("latest")->title() == "The newest");

    store.paint({.name = "c"});
    store.describe(
        "ortho",
        members(
            R"({"layer": "a", "time": "2005"}, {"layer": "b", "time": "2022"}, {"layer": "c", "time": "2025"})"));
    CHECK(chosen(*store.load().find_layer("latest"), {}) == "c");
}

TEST_CASE("members that a series hides are found, and in no list")
{
    Store store{"a", "b", "c"};
    store.describe("ortho", members(R"({"layer": "a", "time": "2005"}, {"layer": "b", "time": "2022"})",
                                    R"(, "hide_members": true)"));
    auto const& catalog = store.load();
    REQUIRE(catalog.layers().size() == 2);
    CHECK(catalog.layers()[0]->name == "c");
    CHECK(catalog.layers()[1]->name == "ortho");
    CHECK(catalog.groups().layers.size() == 2);
    CHECK(catalog.find_layer("a"));
    CHECK(catalog.find_crs("EPSG:3857"));
}

TEST_CASE("a series that cannot be read stays described as it was, over members as they are now")
{
    Store store{"a", "b"};
    store.describe("ortho", two_years);
    store.load();
    store.describe("ortho", "{\"dimensions\": 3}");
    store.paint({.name = "b", .top = "1"});
    auto const& catalog = store.load();
    REQUIRE(catalog.troubles().size() == 1);
    CHECK(catalog.troubles().front().consequence == "series stays described as it was");
    CHECK(choose(*catalog.find_layer("ortho")->series, {})->member->layer == catalog.find_layer("b"));

    store.describe("ortho", R"({"title": 3, "dimensions": {"members": [{"layer": "a", "time": "2005"}]}})");
    CHECK(chosen(*store.load().find_layer("ortho"), {}) == "a");
    CHECK(store.catalog().troubles().front().consequence == "layer stays described as it was");
}

TEST_CASE("a series has another serial when one of its members has")
{
    Store store{"a", "b"};
    store.describe("ortho", two_years);
    auto const serial = [&] { return store.load().find_layer("ortho")->serial; };
    auto const first = serial();
    CHECK(serial() == first);
    store.paint({.name = "a", .top = "1"});
    CHECK(serial() != first);
}
