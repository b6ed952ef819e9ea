// SPDX-License-Identifier: Apache-2.0
// A city in fine pixels within a county in coarser ones: what shows where the finest level does not reach.
#include "pyramid/raster/codec.hpp"
#include "server/catalog/ground.hpp"
#include "server/render/sight.hpp"
#include "server/services/portal.hpp"
#include "styles/drawing/overzoom.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

using namespace ardoise;
using Catch::Contains;

namespace {

constexpr TileRange county{{16, 8}, {20, 12}};      // of level 5
constexpr TileRange city{{32, 16}, {36, 20}};       // of level 6: a quarter of the county
constexpr TileIndex hole{34, 18}, beside{37, 21};   // of level 6: within the city, and without
constexpr TileIndex city_tile{33, 17}, far{10, 10}; // beyond the county

/// Layers whose level 6 is the city with its hole, and the same without level 6 ("..._coarse").
class CityInCounty {
public:
    explicit CityInCounty(CacheSizes const& sizes = {}) : caches_{sizes}
    {
        paint("photo", "TIFF_JPG_UINT8", 3);
        paint("exact", "TIFF_PNG_UINT8", 3);
        paint("heights", "TIFF_ZIP_FLOAT32", 1);
        CatalogOptions options;
        options.store = folder_.path();
        sites_.publish(make_site(load_catalog(options), read_portal(folder_ / "no-portal")));
    }

    Reply ask(std::string const& target, std::string const& if_none_match = {})
    {
        Request request;
        REQUIRE(assign_target(request, target));
        request.if_none_match = if_none_match;
        return router_(request);
    }
    Response get(std::string const& target, std::string const& if_none_match = {})
    {
        auto response = test::done(ask(target, if_none_match));
        Request request;
        request.if_none_match = if_none_match;
        finish(request, response);
        return response;
    }
    Layer const& layer(std::string const& name)
    {
        site_ = sites_.current();
        return *find_layer(*site_, name, nullptr);
    }
    Caches& caches() { return caches_; }

private:
    void paint(std::string const& name, std::string const& format, int channels)
    {
        test::PaintedPyramid whole{.name = name + "_coarse",
                                   .format = format,
                                   .top = "2",
                                   .bottom = "5",
                                   .bottom_tiles = county,
                                   .channels = channels,
                                   .grained = true};
        test::paint_pyramid(folder_.path(), whole);
        auto partial = whole;
        partial.name = name;
        partial.bottom = "6";
        partial.bottom_tiles = {{32, 16}, {40, 24}};
        partial.bottom_limits = city;
        test::paint_pyramid(folder_.path(), partial, [](std::size_t level, TileIndex tile) {
            return level == 6 && tile == hole ? std::nullopt : std::optional{test::colour_of(level, tile)};
        });
    }

    test::TemporaryFolder folder_;
    Caches caches_;
    std::shared_ptr<Site const> site_;
    Published<Site> sites_{nullptr};
    Router router_{sites_, caches_};
};

std::string xyz(std::string const& layer, TileIndex tile, char const* extension, int level = 6)
{
    return fmt::format("/xyz/{}/{}/{}/{}.{}", layer, level, tile.col, tile.row, extension);
}

std::string box_of(double level, double col, double row, double cols = 1, double rows = 1)
{
    double const half = 20037508.342789244, side = 2 * half / std::exp2(level);
    return fmt::format("{},{},{},{}", -half + col * side, half - (row + rows) * side,
                       -half + (col + cols) * side, half - row * side);
}

std::string map_of(std::string const& layer, std::string const& box, int width, int height,
                   std::string const& more = "&FORMAT=image/png&TRANSPARENT=TRUE")
{
    return fmt::format("/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS={}&STYLES=&CRS=EPSG:3857&BBOX={}"
                       "&WIDTH={}&HEIGHT={}{}",
                       layer, box, width, height, more);
}

/// A tile of level 6 of a layer without level 6: drawn from level 5.
Raster coarse_tile(CityInCounty& site, std::string const& layer, TileIndex tile)
{
    return png::decode(site.get(xyz(layer + "_coarse", tile, "png")).body.view);
}

int difference(RasterView a, RasterView b)
{
    REQUIRE(a.shape == b.shape);
    int most = 0;
    for (std::int32_t y = 0; y < a.shape.height; ++y)
        for (std::int32_t i = 0; i < a.shape.width * a.shape.channels; ++i)
            most = std::max(most, std::abs(a.row(y)[i] - b.row(y)[i]));
    return most;
}

} // namespace

TEST_CASE("a layer reaches as far as the widest of its levels")
{
    CityInCounty site;
    for (std::string const name : {"photo", "exact", "heights"}) {
        auto const &all = site.layer(name), &coarse = site.layer(name + "_coarse");
        CHECK(all.pyramid.extent() == coarse.pyramid.extent());
        CHECK(all.geographic_extent == coarse.geographic_extent);
        CHECK(all.links.front().limits[6] == TileRange{{32, 16}, {40, 24}});
        CHECK(all.pyramid.is_partial(all.pyramid.finest()));
        CHECK_FALSE(coarse.pyramid.is_partial(coarse.pyramid.finest()));
    }
}

TEST_CASE("a tile that its level lacks is drawn from the next coarser one")
{
    CityInCounty site;
    for (auto const tile : {hole, beside}) {
        auto const filled = site.get(xyz("exact", tile, "png"));
        CHECK(filled.headers.empty());
        CHECK(difference(png::decode(filled.body.view).view(), coarse_tile(site, "exact", tile).view()) == 0);
        auto const photo = jpeg::decode(site.get(xyz("photo", tile, "jpg")).body.view);
        CHECK(difference(photo.view(), coarse_tile(site, "photo", tile).view()) < 40);
    }
    auto const heights = site.get(xyz("heights", beside, "bil"));
    CHECK(heights.headers == decltype(heights.headers){{"Content-Encoding", "deflate"}});
    auto const values =
        tiff::decode_tile(heights.body.view, {256, 256, 1, SampleType::float32}, tiff::Compression::deflate);
    auto const below = test::colour_of(5, {beside.col / 2, beside.row / 2})[0];
    CHECK(values.row<float>(100)[100] >= below);
    CHECK(values.row<float>(100)[100] < below + 40);
}

TEST_CASE("a tile that is stored stays as it is stored")
{
    CityInCounty site;
    auto const slab = site.layer("photo").pyramid.finest();
    auto const stored = site.get(xyz("photo", city_tile, "jpg"));
    SlabCache slabs;
    auto const open = slabs.open(1, site.layer("photo").pyramid, site.layer("photo").pyramid.finest(),
                                 slab.slab_of(city_tile));
    CHECK(std::ranges::equal(stored.body.view, open->tile(slab.within_slab(city_tile))));
}

TEST_CASE("a filled tile has a tag that is known without drawing it, and an empty one another")
{
    CityInCounty site;
    auto const address = xyz("photo", beside, "jpg");
    auto const filled = site.get(address), empty = site.get(xyz("photo", far, "jpg"));
    CHECK(empty.headers == decltype(empty.headers){{"OATiles-hint", "empty"}});
    CHECK(filled.etag != empty.etag);
    CHECK(filled.etag == site.get("/wmts/1.0.0/photo/normal/WebMercatorQuad/6/21/37.jpg").etag);
    CHECK(filled.etag != site.get(xyz("photo", hole, "jpg")).etag);
    CHECK(site.get(address, "\"" + filled.etag + "\"").status == 304);

    CHECK(std::holds_alternative<Response>(site.ask(address))); // it is kept

    CityInCounty forgetful{{.map_bytes = 0}};
    auto const tag = forgetful.get(address).etag;
    CHECK(std::holds_alternative<Work>(forgetful.ask(address)));
    CHECK(std::holds_alternative<Response>(forgetful.ask(address, "\"" + tag + "\"")));
}

TEST_CASE("a map takes each place from the finest level that has it, without a seam")
{
    CityInCounty site;
    auto const all = png::decode(site.get(map_of("exact", box_of(6, 33, 17, 6, 6), 1536, 1536)).body.view);
    REQUIRE(all.shape().channels == 3); // not one transparent pixel
    auto const fine = [&](TileIndex tile) {
        return png::decode(site.get(xyz("exact", tile, "png")).body.view);
    };
    for (std::int64_t col = 33; col < 39; ++col)
        for (std::int64_t row = 17; row < 23; ++row) {
            INFO(col << " " << row);
            auto const part = all.view().crop({static_cast<std::int32_t>(col - 33) * 256,
                                               static_cast<std::int32_t>(row - 17) * 256, 256, 256});
            CHECK(difference(part, fine({col, row}).view()) == 0);
        }
}

TEST_CASE("JPEG, other sets and other systems show the same")
{
    CityInCounty site;
    for (std::string const& more :
         {std::string{"&FORMAT=image/jpeg"}, std::string{"&FORMAT=image/png&TRANSPARENT=TRUE"}}) {
        auto const box = box_of(6, 36.6, 20.3, 1.5, 1.5); // beyond the city
        auto const a = site.get(map_of("photo", box, 300, 300, more)),
                   b = site.get(map_of("photo_coarse", box, 300, 300, more));
        auto const decoded = [&](Response const& map) {
            return map.media_type == "image/jpeg" ? jpeg::decode(map.body.view) : png::decode(map.body.view);
        };
        CHECK(difference(decoded(a).view(), decoded(b).view()) < 40);
    }
    auto const mercator = site.get("/wmts/1.0.0/photo/normal/WebMercatorQuad/6/21/37.png");
    CHECK(png::decode(mercator.body.view).shape().channels == 3);
    auto const across_its_corner = [&](std::string const& layer) {
        return png::decode(
            site.get(
                    "/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&STYLES=&CRS=CRS:84&BBOX=20,53,25,58&WIDTH="
                    "256&HEIGHT=256&FORMAT=image/png&LAYERS=" +
                    layer)
                .body.view);
    };
    auto const all = across_its_corner("photo"), coarse = across_its_corner("photo_coarse");
    CHECK(difference(all.view().crop({150, 150, 80, 80}), coarse.view().crop({150, 150, 80, 80})) < 40);
    CHECK(difference(all.view().crop({20, 20, 50, 50}), coarse.view().crop({20, 20, 50, 50})) > 40);
}

TEST_CASE("what is told of a pixel is what fills it")
{
    CityInCounty site;
    auto const told = [&](std::string const& layer, TileIndex tile) {
        return test::text_of(site.get(
            "/wms?SERVICE=WMS&REQUEST=GetFeatureInfo&VERSION=1.3.0&STYLES=&CRS=EPSG:3857&WIDTH=256&HEIGHT="
            "256&I=100&J=100&INFO_FORMAT=text/plain&LAYERS=" +
            layer + "&QUERY_LAYERS=" + layer +
            "&BBOX=" + box_of(6, static_cast<double>(tile.col), static_cast<double>(tile.row))));
    };
    auto const after_name = [](std::string const& text) { return text.substr(text.find('\n')); };
    CHECK(after_name(told("exact", beside)) == after_name(told("exact_coarse", beside)));
    CHECK_THAT(told("exact", beside), Contains("band_3 = "));
    CHECK(after_name(told("exact", city_tile)) != after_name(told("exact_coarse", city_tile)));
    CHECK(told("exact", far) == "exact: no data\n");
}

TEST_CASE("how coarse a pixel may be that fills a tile does not hang on what is beside it")
{
    test::TemporaryFolder folder;
    constexpr TileIndex lone{512, 501},
        filled{510, 501}; // of level 10, on both sides of a border of all levels
    auto const is_above = [](TileIndex const& tile, std::size_t level, TileIndex below) {
        return TileIndex{below.col >> (10 - level), below.row >> (10 - level)} == tile;
    };
    auto const pyramid = test::paint_pyramid(
        folder.path(), {.name = "deep", .top = "0", .bottom = "10", .bottom_tiles = {{508, 500}, {516, 504}}},
        [&](std::size_t level, TileIndex tile) {
            bool const is_lacking =
                (level >= 2 && is_above(tile, level, lone)) || (level == 10 && tile == filled);
            return is_lacking ? std::nullopt : std::optional{test::colour_of(level, tile)};
        });
    CatalogOptions options;
    options.store = folder.path();
    auto const catalog = load_catalog(options);
    auto const& layer = *catalog->find_layer("deep");
    auto const& finest = layer.pyramid.finest();
    Caches caches{{}};
    CHECK(fill_tile(cached(layer), finest, filled, caches));
    CHECK_FALSE(fill_tile(cached(layer), finest, lone, caches)); // pixels of level 1 are larger than the tile
    auto const both = filled_mosaic(cached(layer), finest, {510 * 256, 501 * 256, 768, 256}, caches);
    CHECK(validity_of(both.view().crop({0, 0, 512, 256})) == Validity::full);
    CHECK(validity_of(both.view().crop({512, 0, 256, 256})) == Validity::none);
}

TEST_CASE("where all tiles are there nothing else is read")
{
    CityInCounty site;
    auto const& layer = site.layer("exact");
    auto const before = site.caches().slabs.counts();
    auto const seen =
        filled_mosaic(cached(layer), layer.pyramid.finest(), {32 * 256, 16 * 256, 512, 512}, site.caches());
    CHECK(seen.validity.empty());
    auto const after = site.caches().slabs.counts();
    CHECK(after.hits + after.misses - before.hits - before.misses == 4); // a slab for each tile
}

TEST_CASE("a bbox beside the finest level leaves the coarser ones")
{
    CityInCounty site;
    auto const cut = cut_to(site.layer("photo").pyramid, {30, 42, 40, 50});
    CHECK(cut.finest().id == "5");
    CHECK(cut_to(site.layer("photo").pyramid, {2, 58, 4, 60}).finest().id == "6");
    CHECK_THROWS(cut_to(site.layer("photo").pyramid, {-100, -50, -90, -40}));
}
