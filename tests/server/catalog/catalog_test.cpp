// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/catalog.hpp"
#include "server/catalog/published.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>
#include <utility>

using namespace ardoise;

namespace {

CatalogOptions options_for(std::filesystem::path const& store)
{
    CatalogOptions options;
    options.store = store;
    return options;
}

} // namespace

TEST_CASE("each descriptor of the store is a layer, by name")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "b"});
    test::paint_pyramid(folder.path(), {.name = "a"});
    auto const catalog = load_catalog(options_for(folder.path()));
    REQUIRE(catalog->layers().size() == 2);
    CHECK(catalog->layers()[0]->name == "a");
    CHECK(catalog->find_layer("b"));
    CHECK_FALSE(catalog->find_layer("c"));
    CHECK_FALSE(catalog->find_layer(""));
}

TEST_CASE("one bad layer never stops the others, and what is no descriptor is no layer")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "good"});
    write_atomically(folder / "broken.json", "{\"tile_matrix_set\": 3}");
    write_atomically(folder / "half.json", "{\"tile_matrix_se");
    write_atomically(folder / "note.json", "{\"hello\": 1}");
    write_atomically(folder / ".hidden.json", "{\"tile_matrix_set\": \"PM\"}");
    write_atomically(folder / "unknown_set.json",
                     "{\"tile_matrix_set\": \"NOPE\", \"format\": \"TIFF_PNG_UINT8\"}");
    auto const catalog = load_catalog(options_for(folder.path()));
    CHECK(catalog->layers().size() == 1);
}

TEST_CASE("a store that is no folder is refused")
{
    CHECK_THAT(test::failure_text([] { load_catalog(options_for("/nowhere/at/all")); }),
               Catch::Contains("/nowhere/at/all"));
}

TEST_CASE("systems are found by code, URN, URI and equivalent names, and by nothing else")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {});
    auto const catalog = load_catalog(options_for(folder.path()));
    for (auto const* name : {"EPSG:3857", "epsg:3857", "urn:ogc:def:crs:EPSG::3857", "EPSG:102100",
                             "http://www.opengis.net/def/crs/EPSG/0/3857", "EPSG:900913", "CRS:84",
                             "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"})
        CHECK(catalog->find_crs(name));
    for (auto const* name : {"", "3857", "EPSG:2193", "+proj=merc", "EPSG:3857 ", "/usr/share/proj/proj.db"})
        CHECK_FALSE(catalog->find_crs(name));
    CHECK_FALSE(catalog->find_crs(std::string(100'000, 'E')));
}

TEST_CASE("a Lambert zone is offered where it is meant for only")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(),
                        {.name = "far", .bottom_tiles = {{1, 1}, {2, 2}}}); // the north of America
    auto const far = load_catalog(options_for(folder.path()));
    CHECK_FALSE(far->find_crs("EPSG:2154"));
    test::paint_pyramid(folder.path(),
                        {.name = "near", .bottom = "8", .bottom_tiles = {{126, 89}, {128, 91}}});
    auto const near = load_catalog(options_for(folder.path()));
    CHECK(near->find_crs("EPSG:2154"));
    CHECK(near->find_crs("IGNF:LAMB93"));
    CHECK(near->find_crs("EPSG:3947"));
}

TEST_CASE("a set that coincides with the stored one is served from the stored tiles")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {});
    auto const layer = load_catalog(options_for(folder.path()))->find_layer("painted");
    auto const* quad = layer->find_link("WebMercatorQuad");
    REQUIRE(quad);
    CHECK(quad->stored[3] == &layer->pyramid.levels[3]);
    CHECK(quad->stored[7] == nullptr);
    CHECK(quad->limits[3] == layer->pyramid.levels[3].limits);
    CHECK(&layer->web_mercator_link() == &layer->links.front());
}

TEST_CASE("float layers are coloured by default, others are shown as they are")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "relief", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
    test::paint_pyramid(folder.path(), {.name = "photo"});
    auto const catalog = load_catalog(options_for(folder.path()));
    CHECK(catalog->find_layer("relief")->styles.front().identifier == "elevation");
    CHECK(catalog->find_layer("photo")->styles.front().identifier == "normal");
    CHECK(catalog->find_layer("photo")->find_style("")->identifier == "normal");
    CHECK(catalog->find_layer("photo")->find_style("elevation") == nullptr);
}

namespace {

/// A store with two layers, "changing" and "other", read again and again.
class RereadStore {
public:
    RereadStore()
    {
        paint();
        test::paint_pyramid(folder_.path(), {.name = "other"});
        reread();
    }

    void paint(std::string const& top = "0")
    {
        test::paint_pyramid(folder_.path(), {.name = "changing", .top = top});
    }
    void reread(Reread reread = Reread::changes)
    {
        before_ = std::exchange(now_, load_catalog(options_for(folder_.path()), now_.get(), reread));
    }
    Layer const& layer(std::string const& name) const { return *now_->find_layer(name); }
    std::vector<Trouble> const& troubles() const { return now_->troubles(); }
    bool is_same(std::string const& name) const
    {
        return before_->find_layer(name)->serial == now_->find_layer(name)->serial;
    }
    std::filesystem::path path() const { return folder_.path(); }

private:
    test::TemporaryFolder folder_;
    std::shared_ptr<Catalog const> before_, now_;
};

} // namespace

TEST_CASE("a layer keeps its serial as long as it has the same tiles in the same files")
{
    RereadStore store;
    store.reread();
    CHECK(store.is_same("changing"));
    SECTION("other tiles")
    {
        store.paint("1");
    }
    SECTION("a descriptor that was touched, as a repair does")
    {
        std::filesystem::last_write_time(store.path() / "changing.json",
                                         std::filesystem::file_time_type::clock::now() +
                                             std::chrono::seconds{1});
    }
    SECTION("the same tiles in another folder under the same name")
    {
        auto const folder = store.path() / "changing";
        std::filesystem::copy(folder, store.path() / "copy", std::filesystem::copy_options::recursive);
        std::filesystem::rename(folder, store.path() / "away");
        std::filesystem::rename(store.path() / "copy", folder);
    }
    store.reread();
    CHECK_FALSE(store.is_same("changing"));
    CHECK(store.is_same("other"));
    store.reread();
    CHECK(store.is_same("changing"));
}

TEST_CASE("a layer stays warm when it is described otherwise, but for its ground")
{
    RereadStore store;
    auto const describe = [&](std::string const& text) {
        write_atomically(store.path() / "layers/changing.json", text);
        store.reread();
    };
    describe(R"({"title": "Changing", "styles": ["normal"], "extra_crs": ["EPSG:3395"]})");
    CHECK(store.is_same("changing"));
    CHECK(store.layer("changing").title() == "Changing");
    describe(R"({"bbox": {"west": 50, "south": 0, "east": 60, "north": 10}})");
    CHECK_FALSE(store.is_same("changing"));
    CHECK(store.layer("changing").title() == "changing");
    describe(R"({"title": "x", "bbox": {"west": 50, "south": 0, "east": 60, "north": 10}})");
    CHECK(store.is_same("changing"));
    std::filesystem::remove(store.path() / "layers/changing.json");
    store.reread();
    CHECK_FALSE(store.is_same("changing"));
}

TEST_CASE("a bad description leaves a layer described as it was, or not at all, and other layers alone")
{
    RereadStore store;
    auto const file = store.path() / "layers/changing.json";
    write_atomically(file, R"({"title": "Changing"})");
    store.reread();
    write_atomically(file, R"({"title": 3})");
    store.reread();
    CHECK(store.layer("changing").title() == "Changing");
    CHECK(store.is_same("changing"));
    REQUIRE(store.troubles().size() == 1);
    CHECK(store.troubles()[0].consequence == "layer stays described as it was");
    CHECK(store.troubles()[0].file == file);
    CHECK(store.troubles()[0].reason == file.string() + ": title: expected a string");

    auto const anew = load_catalog(options_for(store.path()));
    CHECK(anew->find_layer("changing")->title() == "changing");
    CHECK(anew->layers().size() == 2);
    REQUIRE(anew->troubles().size() == 1);
    CHECK(anew->troubles()[0].consequence == "layer is not described");
}

TEST_CASE("a description of no layer and a place for none are troubles")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "ortho"});
    write_atomically(folder / "layers/orto.json", "{}");
    auto options = options_for(folder.path());
    options.service.layer_order = {"ortho", "irc"};
    auto const catalog = load_catalog(options);
    auto const store = folder.path().string();
    REQUIRE(catalog->troubles().size() == 2);
    CHECK(catalog->troubles()[0].reason == store + "/layers/orto.json: describes no layer, as there is no " +
                                               store + "/orto.json, nor \"dimensions\" or \"alias\" in it");
    CHECK(catalog->troubles()[1].reason == "layer_order: there is no layer \"irc\" in " + store);
}

TEST_CASE("a bbox leaves those tiles of each level that reach into it")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {});
    auto const before = load_catalog(options_for(folder.path()))->find_layer("painted");
    write_atomically(folder / "layers/painted.json",
                     R"({"bbox": {"west": 50, "south": 1, "east": 60, "north": 10}})");
    auto const layer = load_catalog(options_for(folder.path()))->find_layer("painted");
    CHECK(layer->pyramid.levels[3].limits == TileRange{{5, 3}, {6, 4}});
    CHECK(layer->pyramid.levels[0].limits == before->pyramid.levels[0].limits);
    CHECK(layer->geographic_extent.min_x == Approx(45));
    CHECK(layer->geographic_extent.max_x == Approx(90));
    CHECK(layer->find_link("WebMercatorQuad")->limits[3] == TileRange{{5, 3}, {6, 4}});
    CHECK(layer->fingerprint != before->fingerprint);
}

TEST_CASE("what a description adds is offered, once, and clients find it")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {});
    write_atomically(
        folder / "layers/painted.json",
        R"({"extra_crs": ["EPSG:3395", "EPSG:4326"], "extra_tilematrixsets": ["4326", "WebMercatorQuad"]})");
    auto const catalog = load_catalog(options_for(folder.path()));
    auto const layer = catalog->find_layer("painted");
    CHECK(catalog->find_crs("epsg:3395"));
    CHECK(std::count_if(layer->crs_list.begin(), layer->crs_list.end(),
                        [](Crs const& crs) { return crs.code() == "EPSG:4326"; }) == 1);
    REQUIRE(layer->find_link("4326"));
    CHECK_FALSE(layer->find_link("4326")->limits.front().empty());
    CHECK(std::count_if(layer->links.begin(), layer->links.end(),
                        [](auto const& link) { return link.set->id == "WebMercatorQuad"; }) == 1);
}

TEST_CASE("the layers that the service orders come first in their groups")
{
    test::TemporaryFolder const folder;
    for (auto const* name : {"a", "b", "c", "d"})
        test::paint_pyramid(folder.path(), {.name = name});
    write_atomically(folder / "layers/a.json", R"({"group": "G"})");
    write_atomically(folder / "layers/d.json", R"({"group": "G"})");
    auto options = options_for(folder.path());
    options.service.layer_order = {"d", "c"};
    auto const catalog = load_catalog(options);
    std::string order;
    for (auto const& layer : layers_for_maps(catalog->groups()))
        order += layer->name;
    CHECK(order == "cbda");
    CHECK(catalog->layers()[0]->name == "a");
}

TEST_CASE("where everything is read anew no layer keeps its serial")
{
    RereadStore store;
    store.reread(Reread::everything);
    CHECK_FALSE(store.is_same("changing"));
    CHECK_FALSE(store.is_same("other"));
}

TEST_CASE("a serial never comes again, and layers have serials of their own")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "a"});
    test::paint_pyramid(folder.path(), {.name = "b"});
    auto const first = load_catalog(options_for(folder.path())),
               second = load_catalog(options_for(folder.path()));
    std::set<std::uint64_t> serials;
    for (auto const& catalog : {first, second})
        for (auto const& layer : catalog->layers())
            serials.insert(layer->serial);
    CHECK(serials.size() == 4);
}

TEST_CASE("hundreds of layers are in order and whole, however many threads read them")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "layer000"});
    for (int i = 1; i < 300; ++i)
        std::filesystem::copy(folder / "layer000.json", folder / fmt::format("layer{:03}.json", i));
    auto const catalog = load_catalog(options_for(folder.path()));
    REQUIRE(catalog->layers().size() == 300);
    for (std::size_t i = 0; i < 300; ++i) {
        auto const& layer = *catalog->layers()[i];
        CHECK(layer.name == fmt::format("layer{:03}", i));
        CHECK(layer.pyramid.set == catalog->layers()[0]->pyramid.set); // which was read once
        CHECK(layer.geographic_extent == catalog->layers()[0]->geographic_extent);
    }
}

TEST_CASE("a set that is moved makes another layer of the same slabs")
{
    test::TemporaryFolder const folder;
    auto const write_set = [&](int west, int tile_side = 256) {
        write_atomically(folder / "tilematrixsets/mine.json",
                         fmt::format(R"({{"id": "mine", "crs": "EPSG:3857", "tileMatrices": [
                             {{"id": "0", "cellSize": 10, "pointOfOrigin": [{0}, 6000000], "tileWidth": {1},
                               "tileHeight": {1}, "matrixWidth": 16, "matrixHeight": 16}}]}})",
                                     west, tile_side));
    };
    auto const fingerprint = [&] {
        return load_catalog(options_for(folder.path()))->find_layer("painted")->fingerprint;
    };
    write_set(200'000);
    test::paint_pyramid(folder.path(), {.set = "mine", .bottom = "0"});
    auto const before = fingerprint();
    CHECK(fingerprint() == before);
    write_set(300'000);
    CHECK(fingerprint() != before);
    write_set(200'000, 512);
    CHECK(fingerprint() != before);
}

TEST_CASE("readers keep the value they took while another is published")
{
    Published<int> published{std::make_shared<int const>(1)};
    auto const mine = published.current();
    published.publish(std::make_shared<int const>(2));
    CHECK(*mine == 1);
    CHECK(*published.current() == 2);
}

TEST_CASE("publishing and reading from many threads mixes nothing")
{
    struct Pair {
        int a, b;
    };
    Published<Pair> published{std::make_shared<Pair const>(Pair{0, 0})};
    std::atomic<bool> stop{false};
    std::atomic<int> torn{0};
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            while (!stop) {
                auto const now = published.current();
                torn += now->a != now->b;
            }
        });
    for (int i = 1; i < 5000; ++i)
        published.publish(std::make_shared<Pair const>(Pair{i, i}));
    stop = true;
    readers.clear();
    CHECK(torn == 0);
}

TEST_CASE("a layer whose descriptor cannot be read any more stays as it was, one that has gone does not")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "kept"});
    test::paint_pyramid(folder.path(), {.name = "gone"});
    auto const before = load_catalog(options_for(folder.path()));
    std::ofstream{folder / "kept.json"} << "half a descr";
    std::filesystem::remove(folder / "gone.json");
    auto const after = load_catalog(options_for(folder.path()), before.get());
    CHECK(after->find_layer("kept") == before->find_layer("kept"));
    CHECK_FALSE(after->find_layer("gone"));
    CHECK_FALSE(load_catalog(options_for(folder.path()))->find_layer("kept"));
}
