// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/store/slab_path.hpp"
#include "pyramid/store/slab_writer.hpp"
#include "tests/support/forget_in_memory.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace ardoise;
using Catch::Contains;

namespace {

std::string const kvp =
    "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=city&STYLE=normal&FORMAT=image/jpeg&"
    "TILEMATRIXSET=PM&TILEMATRIX=5&TILEROW=12&TILECOL=18";

bool is_empty_tile(Response const& response)
{
    return response.status == 200 &&
           response.headers == decltype(response.headers){{"OATiles-hint", "empty"}};
}

bool near(std::uint8_t const* pixel, std::array<std::uint8_t, 3> colour, int tolerance)
{
    for (std::size_t c = 0; c < 3; ++c)
        if (std::abs(pixel[c] - colour[c]) > tolerance)
            return false;
    return true;
}

/// In steps of 8 bits.
double mean_difference(Raster const& a, Raster const& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.bytes().size(); ++i)
        sum += std::abs(std::to_integer<int>(a.bytes()[i]) - std::to_integer<int>(b.bytes()[i]));
    return sum / static_cast<double>(a.bytes().size());
}

/// A layer "v" of level 5 of PM whose only slab, which is returned, has its first tile at (10, 16).
std::filesystem::path store_vector_tiles(std::filesystem::path const& folder,
                                         std::vector<ByteView> const& tiles)
{
    auto const json =
        R"({"tile_matrix_set":"PM","format":"TIFF_PBF_MVT","levels":[{"id":"5","tiles_per_width":2,)"
        R"("tiles_per_height":2,"tile_limits":{"min_row":0,"max_row":31,"min_col":0,"max_col":31},)"
        R"("storage":{"type":"FILE","image_directory":"v/DATA/5","path_depth":2}}]})";
    write_atomically(folder / "v.json", json);
    SlabLayout layout;
    layout.format = *find_tile_format("TIFF_PBF_MVT");
    layout.tiles_per_width = layout.tiles_per_height = 2;
    auto const slab = folder / "v/DATA/5" / slab_path({5, 8}, 2);
    write_atomically(slab, as_text(assemble_slab(layout, tiles)));
    return slab;
}

/// Box of a tile of PM, as BBOX wants it.
std::string box_of(int level, int col, int row, int cols = 1, int rows = 1)
{
    double const half = 20037508.342789244, side = 2 * half / std::exp2(level);
    return fmt::format("{},{},{},{}", -half + col * side, half - (row + rows) * side,
                       -half + (col + cols) * side, half - row * side);
}

std::string map_of(std::string const& box, int width, int height,
                   std::string const& more = "&FORMAT=image/png", std::string const& layers = "city")
{
    return fmt::format("/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS={}&STYLES=&CRS=EPSG:3857&BBOX={}"
                       "&WIDTH={}&HEIGHT={}{}",
                       layers, box, width, height, more);
}

} // namespace

TEST_CASE("a tile is the same bytes under the same ETag, whatever the protocol")
{
    auto const& site = test::painted_site();
    auto const first = site.get(kvp);
    REQUIRE(first.status == 200);
    CHECK(first.media_type == "image/jpeg");
    CHECK_FALSE(first.etag.empty());
    for (auto const& other :
         {std::string{"/wmts/1.0.0/city/normal/PM/5/12/18.jpg"},
          std::string{"/wmts/1.0.0/city/default/PM/5/12/18.jpeg"}, std::string{"/xyz/city/5/18/12.jpg"},
          std::string{"/city/wmts/1.0.0/city/normal/PM/5/12/18.jpg"},
          std::string{"/wmts/1.0.0/city/normal/WebMercatorQuad/5/12/18.jpg"},
          map_of(box_of(5, 18, 12), 256, 256, "&FORMAT=image/jpeg")}) {
        INFO(other);
        auto const same = site.get(other);
        CHECK(same.status == 200);
        CHECK(same.etag == first.etag);
        CHECK(test::text_of(same) == test::text_of(first));
        CHECK(same.media_type == "image/jpeg");
    }
}

TEST_CASE("a client that has the tile gets 304 and no body")
{
    auto const& site = test::painted_site();
    auto const tile = site.get(kvp);
    auto const again = site.get(kvp, "\"" + tile.etag + "\"");
    CHECK(again.status == 304);
    CHECK(again.body.size() == 0);
    CHECK(site.get(kvp, "\"other\"").status == 200);
    auto const rendered = "/wmts/1.0.0/city/normal/PM/5/12/18.png";
    auto const picture = site.get(rendered);
    CHECK(picture.media_type == "image/png");
    CHECK(site.get(rendered, "\"" + picture.etag + "\"").status == 304);
}

TEST_CASE("beside the layer tiles are empty, and no errors")
{
    auto const& site = test::painted_site();
    for (auto const* address :
         {"/xyz/city/5/0/0.jpg", "/xyz/city/5/31/31.png", "/xyz/city/20/0/0.webp", "/xyz/city/3/0/7.jpg"}) {
        INFO(address);
        auto const response = site.get(address);
        CHECK(is_empty_tile(response));
        CHECK(response.body.size() > 40);
        CHECK(response.body.size() < 2500);
    }
    auto const png = site.get("/xyz/city/5/0/0.png");
    auto const pixels = png::decode(png.body.view);
    CHECK(pixels.shape().channels == 4);
    CHECK(pixels.row(7)[4 * 9 + 3] == 0);
    auto const jpeg = jpeg::decode(site.get("/xyz/city/5/0/0.jpg").body.view);
    CHECK(jpeg.row(7)[3 * 9] == 255);
}

TEST_CASE("tiles of other formats are rendered from the stored ones")
{
    auto const& site = test::painted_site();
    auto const expected = test::colour_of(5, {18, 12});
    auto const png = png::decode(site.get("/xyz/city/5/18/12.png").body.view);
    CHECK(near(png.row(128) + 3 * 128, expected, 3));
    auto const webp = webp::decode(site.get("/xyz/city/5/18/12.webp").body.view);
    CHECK(near(webp.row(128) + 3 * 128, expected, 6));
}

TEST_CASE("levels finer than the pyramid's are enlarged")
{
    auto const& site = test::painted_site();
    auto const tile = site.get("/xyz/city/7/74/50.jpg"); // within (18, 12) of level 5
    CHECK(tile.status == 200);
    CHECK(near(jpeg::decode(tile.body.view).row(128) + 3 * 128, test::colour_of(5, {18, 12}), 4));
}

TEST_CASE("@2x has twice the pixels on the same ground")
{
    auto const& site = test::painted_site();
    auto const tile = jpeg::decode(site.get("/xyz/city/4/9/6@2x.jpg").body.view);
    CHECK(tile.shape().width == 512);
    CHECK(near(tile.row(128) + 3 * 128, test::colour_of(5, {18, 12}), 4)); // its upper left quarter
}

TEST_CASE("a map over several tiles has each in its place")
{
    auto const& site = test::painted_site();
    auto const map = png::decode(site.get(map_of(box_of(5, 17, 11, 5, 4), 1280, 1024)).body.view);
    for (int col = 0; col < 5; ++col)
        for (int row = 0; row < 4; ++row) {
            INFO(col << " " << row);
            TileIndex const tile{17 + col, 11 + row};
            auto const* pixel = map.row(256 * row + 100) + map.shape().channels * (256 * col + 100);
            bool const is_missing = tile == TileIndex{19, 12};
            CHECK(near(pixel, is_missing ? test::colour_of(4, {9, 6}) : test::colour_of(5, tile), 3));
        }
}

TEST_CASE("transparent and background are obeyed")
{
    auto const& site = test::painted_site();
    auto const elsewhere = box_of(5, 2, 2);
    auto const clear =
        png::decode(site.get(map_of(elsewhere, 256, 256, "&FORMAT=image/png&TRANSPARENT=TRUE")).body.view);
    REQUIRE(clear.shape().channels == 4);
    CHECK(clear.row(128)[4 * 128 + 3] == 0);
    auto const blue =
        png::decode(site.get(map_of(elsewhere, 256, 256, "&FORMAT=image/png&BGCOLOR=0x0000FF")).body.view);
    CHECK(near(blue.row(128) + 3 * 128, {0, 0, 255}, 0));
    auto const white =
        jpeg::decode(site.get(map_of(elsewhere, 256, 256, "&FORMAT=image/jpeg&TRANSPARENT=TRUE")).body.view);
    CHECK(near(white.row(128) + 3 * 128, {255, 255, 255}, 1));
    CHECK(png::decode(site.get(map_of(elsewhere, 256, 256)).body.view).shape().channels ==
          3); // not one transparent pixel
}

TEST_CASE("a map in JPEG shows what the same map in PNG shows, wherever its pixels fall")
{
    auto const& site = test::painted_site();
    double const half = 20037508.342789244, cell = 2 * half / 8192;
    struct Case {
        double x, y, zoom; // in pixels of level 5 from its corner, and how many of them a pixel takes
        int width, height;
    };
    for (auto const& [x, y, zoom, width, height] : {Case{4500, 3400, 1, 256, 200},
                                                    {4501, 3400, 1, 256, 200},
                                                    {4500, 3401, 1, 255, 201},
                                                    {4501, 3401, 1, 301, 99},
                                                    {4500.4, 3400.7, 1, 256, 200},
                                                    {4450, 3380, 1.4, 200, 133},
                                                    {4500, 3400, 0.3, 333, 250},
                                                    {4480, 3330, 1, 400, 500},
                                                    {4200, 2700, 1, 300, 300}}) {
        INFO(x << " " << y << " " << zoom);
        auto const left = -half + x * cell, top = half - y * cell;
        auto const box =
            fmt::format("{},{},{},{}", left, top - height * zoom * cell, left + width * zoom * cell, top);
        auto const exact = png::decode(site.get(map_of(box, width, height)).body.view);
        auto const map = jpeg::decode(site.get(map_of(box, width, height, "&FORMAT=image/jpeg")).body.view);
        auto const best = jpeg::decode(jpeg::encode(exact.view(), 85));
        REQUIRE(map.shape() == exact.shape());
        CHECK(mean_difference(map, exact) < mean_difference(best, exact) + 0.6);
    }
}

TEST_CASE("a map outside of the layer is background, not an error")
{
    auto const& site = test::painted_site();
    for (auto const* box : {"-20000000,-20000000,-19000000,-19000000", "1e11,1e11,2e11,2e11"}) {
        auto const response = site.get(map_of(box, 32, 32));
        CHECK(response.status == 200);
        CHECK(near(png::decode(response.body.view).row(3), {255, 255, 255}, 0));
    }
}

TEST_CASE("layers lie over one another in the order of the request")
{
    auto const& site = test::painted_site();
    auto const box = box_of(5, 18, 12);
    auto const city = png::decode(site.get(map_of(box, 64, 64)).body.view);
    auto const city_on_top =
        png::decode(site.get(map_of(box, 64, 64, "&FORMAT=image/png", "relief,city")).body.view);
    auto const relief_on_top =
        png::decode(site.get(map_of(box, 64, 64, "&FORMAT=image/png", "city,relief")).body.view);
    CHECK(std::equal(city.bytes().begin(), city.bytes().end(), city_on_top.bytes().begin()));
    CHECK_FALSE(std::equal(city.bytes().begin(), city.bytes().end(), relief_on_top.bytes().begin()));
}

TEST_CASE("WMS 1.3.0 turns the axes of EPSG:4326, 1.1.1 and CRS:84 do not")
{
    auto const& site = test::painted_site();
    std::string const rest =
        "&LAYERS=city&STYLES=&WIDTH=900&HEIGHT=600&FORMAT=image/png&SERVICE=WMS&REQUEST=GetMap";
    auto const latitude_first = site.get("/wms?VERSION=1.3.0&CRS=EPSG:4326&BBOX=36,20,56,50" + rest);
    auto const longitude_first = site.get("/wms?VERSION=1.3.0&CRS=CRS:84&BBOX=20,36,50,56" + rest);
    auto const older = site.get("/wms?VERSION=1.1.1&SRS=EPSG:4326&BBOX=20,36,50,56" + rest);
    REQUIRE(latitude_first.status == 200);
    CHECK(test::text_of(latitude_first) == test::text_of(longitude_first));
    CHECK(test::text_of(latitude_first) == test::text_of(older));
    CHECK(test::text_of(site.get("/wms?VERSION=1.3.0&CRS=EPSG:4326&BBOX=20,36,50,56" + rest)) !=
          test::text_of(older));
}

TEST_CASE("a map has just the size that was asked for")
{
    auto const& site = test::painted_site();
    for (auto const& [width, height] : {std::pair{1, 1}, {8, 5}, {1, 700}, {1024, 768}, {4096, 3}}) {
        auto const map = png::decode(site.get(map_of(box_of(2, 1, 1, 2, 2), width, height)).body.view);
        CHECK(map.shape().width == width);
        CHECK(map.shape().height == height);
    }
}

TEST_CASE("a box squeezed beyond reason is drawn from a coarse level, at bounded cost")
{
    auto const& site = test::painted_site();
    CHECK(site.get(map_of("-20000000,6000000,20000000,6000001", 4096, 4096, "&FORMAT=image/jpeg")).status ==
          200);
    CHECK(site.get(map_of("2000000,-20000000,2000001,20000000", 4, 4096, "&FORMAT=image/jpeg")).status ==
          200);
}

TEST_CASE("float layers are coloured as pictures and exact as values")
{
    auto const& site = test::painted_site();
    auto const values = site.get("/wmts/1.0.0/relief/normal/PM/3/4/5.bil");
    CHECK(values.status == 200);
    CHECK(values.media_type == "image/x-bil;bits=32");
    CHECK(values.headers == decltype(values.headers){{"Content-Encoding", "deflate"}});
    auto const picture = site.get("/wmts/1.0.0/relief/elevation/PM/3/4/5.png");
    CHECK(picture.media_type == "image/png");
    CHECK(png::decode(picture.body.view).shape().channels == 3);
    auto const empty = site.get("/xyz/relief/3/0/0.bil");
    auto const nodata =
        tiff::decode_tile(empty.body.view, {256, 256, 1, SampleType::float32}, tiff::Compression::deflate);
    CHECK(nodata.row<float>(9)[9] == -99999);
}

TEST_CASE("raw tiles leave as TIFF files")
{
    auto const& site = test::painted_site();
    auto const tile = site.get("/xyz/words/3/4/4.tif");
    CHECK(tile.media_type == "image/tiff");
    CHECK_THAT(test::text_of(tile), Catch::StartsWith("II"));
}

TEST_CASE("every published layer draws in every published system and set")
{
    auto const& site = test::painted_site();
    for (auto const& layer : site.site().catalog->layers()) {
        for (auto const& crs : layer->crs_list) {
            auto const box = layer->extent_in(crs);
            auto const turned = crs.northing_first();
            auto const target = fmt::format("/wms?VERSION=1.3.0&REQUEST=GetMap&LAYERS={}&STYLES=&CRS={}&BBOX="
                                            "{},{},{},{}&WIDTH=40&HEIGHT=40&FORMAT=image/png",
                                            layer->name, crs.code(), turned ? box.min_y : box.min_x,
                                            turned ? box.min_x : box.min_y, turned ? box.max_y : box.max_x,
                                            turned ? box.max_x : box.max_y);
            INFO(target);
            CHECK(site.get(target).status == 200);
        }
        for (auto const& link : layer->links)
            for (std::size_t i = 0; i < link.limits.size(); ++i) {
                if (link.limits[i].empty())
                    continue;
                auto const target = fmt::format("/wmts/1.0.0/{}/default/{}/{}/{}/{}.png", layer->name,
                                                link.set->id, link.set->matrices[i].id,
                                                link.limits[i].first.row, link.limits[i].last.col - 1);
                INFO(target);
                CHECK(site.get(target).status == 200);
            }
    }
}

TEST_CASE("boxes squeezed beyond all reason cost no more than others")
{
    auto const& site = test::painted_site();
    for (auto const* box :
         {"-1e12,6712500,1e12,6712500.0001", "0,-1e12,1e-9,1e12", "-1e12,-1e12,1e12,1e12"}) {
        INFO(box);
        auto const response = site.get(map_of(box, 4096, 1, "&FORMAT=image/jpeg"));
        CHECK((response.status == 200 || response.status == 400));
    }
}

TEST_CASE("a map of many layers has a price, and is refused with a word on it")
{
    auto const response =
        test::painted_site().get(map_of(box_of(1, 1, 0), 4096, 4096, "&FORMAT=image/jpeg", "city,city,city"));
    CHECK(response.status == 400);
    CHECK_THAT(test::text_of(response), Contains("too costly"));
}

TEST_CASE("values are offered on the layer's own grid only")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/wmts/1.0.0/relief/normal/PM/3/4/5.bil").status == 200);
    auto const elsewhere = site.get("/wmts/1.0.0/relief/normal/WebMercatorQuad/7/70/70.bil");
    CHECK(elsewhere.status == 404);
    CHECK_THAT(test::text_of(elsewhere), Contains("offered in PM only"));
    CHECK(site.get("/xyz/relief/7/70/70.bil").status == 404); // finer than what is stored
}

TEST_CASE("a tile that is not in memory is read by those who may wait for a disk, once")
{
    test::TemporaryFolder const folder;
    std::string const tile(1 << 20, '\x1a'); // longer than what one touch maps
    auto const slab =
        store_vector_tiles(folder.path(), {as_bytes(tile), as_bytes(tile), as_bytes(tile), ByteView{}});
    CatalogOptions options;
    options.store = folder.path();
    Caches caches;
    Published<Site> const sites{make_site(load_catalog(options), {})};
    Router const router{sites, caches};
    if (!test::forget_in_memory(slab)) {
        WARN("the temporary folder lives in memory: nothing can be shown");
        return;
    }
    Request first, second, third, hole;
    first.path = "/xyz/v/5/10/16.pbf";
    second.path = "/xyz/v/5/11/16.pbf";
    third.path = "/xyz/v/5/10/17.pbf";
    hole.path = "/xyz/v/5/11/17.pbf";

    auto of_first = std::get<Work>(router(first)); // nothing is known of its slab
    CHECK(of_first.kind == Work::Kind::reading);
    CHECK((test::text_of(of_first()) == tile));
    CHECK(std::get<Response>(router(first)).status == 200);
    CHECK(std::get<Response>(router(hole)).status == 200);

    auto const tag_of_third = test::done(router(third)).etag;
    CHECK(test::forget_in_memory(slab)); // what the system read ahead, and nobody has touched
    auto const of_second = std::get<Work>(router(second));
    CHECK(of_second.key != of_first.key);
    CHECK(test::forget_in_memory(slab));
    third.if_none_match = "\"" + tag_of_third + "\""; // what has not changed is not read
    CHECK(is_known_to(third, std::get<Response>(router(third))));
}

TEST_CASE("vector tiles are served as they are stored, gzip and all, and a hole is no bytes at all")
{
    test::TemporaryFolder const folder;
    std::string_view const zipped{"\x1f\x8b as it was delivered"}, bare{"\x1a\x00 a layer"};
    store_vector_tiles(folder.path(), {as_bytes(zipped), as_bytes(bare), ByteView{}, ByteView{}});
    CatalogOptions options;
    options.store = folder.path();
    Caches caches;
    Published<Site> const sites{make_site(load_catalog(options), {})};
    struct {
        char const* path;
        std::string_view body;
        std::string_view encoding;
    } const rows[] = {{"/xyz/v/5/10/16.pbf", zipped, "gzip"},
                      {"/xyz/v/5/11/16.pbf", bare, ""},
                      {"/xyz/v/5/10/17.pbf", "", ""},
                      {"/xyz/v/5/16/11.pbf", "", ""}};
    for (auto const& row : rows) {
        INFO(row.path);
        Request request;
        request.path = row.path;
        auto const response = test::done(Router{sites, caches}(request));
        CHECK(response.status == 200);
        CHECK(test::text_of(response) == row.body);
        std::string encoding;
        for (auto const& [name, value] : response.headers)
            if (name == "Content-Encoding")
                encoding = value;
        CHECK(encoding == row.encoding);
    }
}

TEST_CASE("a client comes again for slabs that went with their revision, and the server is told")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    CatalogOptions options;
    options.store = folder.path();
    Caches caches;
    Published<Site> const sites{make_site(load_catalog(options), {})};
    int told = 0;
    Router const router{sites, caches, [&told] { ++told; }};
    auto const ask = [&](char const* path) {
        Request request;
        request.path = path;
        return test::done(router(request));
    };
    REQUIRE(ask("/xyz/painted/3/4/4.png").status == 200);
    std::filesystem::remove_all(pyramid.folder);
    CHECK(ask("/xyz/painted/3/4/4.png").status == 200); // a slab that is open stays so
    CHECK(told == 0);
    for (auto const* path : {"/xyz/painted/3/6/4.png", "/xyz/painted/3/6/4.webp"}) {
        INFO(path);
        auto const response = ask(path);
        CHECK(response.status == 503);
        CHECK(response.cache_control == "no-store");
        CHECK(response.headers == decltype(response.headers){{"Retry-After", "1"}});
    }
    CHECK(told == 2);
}

TEST_CASE("a pyramid that is built anew has other tags, however soon after")
{
    auto const tag = [](std::array<std::uint8_t, 3> colour) {
        test::TemporaryFolder const folder;
        test::paint_pyramid(folder.path(), {}, [&](std::size_t, TileIndex) { return std::optional{colour}; });
        CatalogOptions options;
        options.store = folder.path();
        Caches caches;
        Published<Site> const sites{make_site(load_catalog(options), {})};
        Request request;
        request.path = "/xyz/painted/3/4/4.webp";
        return test::done(Router{sites, caches}(request)).etag;
    };
    CHECK(tag({1, 2, 3}) != tag({4, 5, 6}));
}
