// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/resample.hpp"
#include "pyramid/sources/mosaics.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/source_at.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace ardoise;
using test::source_at;

namespace {

std::vector<int> const rgb{1, 2, 3};

bool same_bits(MaskedRaster const& a, MaskedRaster const& b)
{
    return std::ranges::equal(a.pixels.bytes(), b.pixels.bytes()) &&
           std::ranges::equal(a.validity.bytes(), b.validity.bytes());
}

/// A raster as a reused buffer is: full of something else.
MaskedRaster full_of_noise(RasterShape shape)
{
    MaskedRaster raster{shape};
    for (auto* const part : {&raster.pixels, &raster.validity})
        std::fill(part->bytes().begin(), part->bytes().end(), std::byte{173});
    return raster;
}

/// What the window holds by definition: source by source laid over what is below.
MaskedRaster by_laying_over(Mosaic const& mosaic, SourceReader& reader, MosaicWindow const& window)
{
    MaskedRaster whole{{static_cast<std::int32_t>(window.width), static_cast<std::int32_t>(window.height), 3,
                        SampleType::uint8}};
    for (auto const& source : mosaic.sources()) {
        auto const x = std::llround((source.left - mosaic.left()) / mosaic.pixel_width()) - window.x;
        auto const y = std::llround((mosaic.top() - source.top) / mosaic.pixel_height()) - window.y;
        lay_over(reader.read(source,
                             {0, 0, static_cast<std::int32_t>(source.width),
                              static_cast<std::int32_t>(source.height)},
                             rgb),
                 whole, static_cast<std::int32_t>(x), static_cast<std::int32_t>(y));
    }
    return whole;
}

} // namespace

TEST_CASE("sources on one grid are one mosaic, others are mosaics of their own")
{
    CHECK(group_by_grid({source_at(0, 0), source_at(5, 0), source_at(-500.05, 1000)}).size() == 1);
    CHECK(group_by_grid({source_at(0, 0), source_at(5.02, 0)}).size() == 2);
    CHECK(group_by_grid({source_at(0, 0), source_at(5, 0, 0.1)}).size() == 2);
    CHECK(group_by_grid({source_at(0, 0), source_at(5.00001, 0)}).size() ==
          1); // a fifth of a thousandth of a pixel
}

TEST_CASE("a window over several sources has their pixels, and nothing between them")
{
    test::TemporaryFolder const folder;
    std::vector<Source> sources;
    for (int i = 0; i < 2; ++i)
        sources.push_back(describe_source(
            test::write_dalle(folder / (std::to_string(i) + ".tif"),
                              {.left = 100.0 * i, .top = 50, .pixel = 1, .width = 50, .height = 50}),
            {}));
    auto const mosaics = group_by_grid(std::move(sources));
    REQUIRE(mosaics.size() == 1);
    SourceReader reader{{}};
    auto const window = mosaics[0].read(reader, {-10, -60, 200, 80}, rgb);
    CHECK(window.validity.row(5)[50] == 0);
    CHECK(window.validity.row(40)[30] == 255);
    CHECK(window.validity.row(40)[80] == 0);
    CHECK(window.validity.row(40)[140] == 255);
    CHECK(window.pixels.row(40)[3 * 30] ==
          static_cast<std::uint8_t>(std::lround(test::hills(20.5, 50 - 30.5, 0))));
}

TEST_CASE("where sources overlap the later one lies on top")
{
    MaskedRaster bottom{{2, 1, 1, SampleType::uint8}}, top{{2, 1, 1, SampleType::uint8}};
    bottom.pixels.row(0)[0] = bottom.pixels.row(0)[1] = 100;
    bottom.validity.row(0)[0] = bottom.validity.row(0)[1] = 255;
    top.pixels.row(0)[0] = 200;
    top.validity.row(0)[0] = 255;
    top.pixels.row(0)[1] = 200;
    top.validity.row(0)[1] = 51; // a fifth
    lay_over(top, bottom, 0, 0);
    CHECK(bottom.pixels.row(0)[0] == 200);
    CHECK(bottom.pixels.row(0)[1] == 120);
    CHECK(bottom.validity.row(0)[1] == 255);
}

TEST_CASE("laying over clips to the raster below")
{
    MaskedRaster bottom{{4, 4, 1, SampleType::float32}};
    for (std::int32_t const shift : {-9, -3, 0, 3, 9}) {
        MaskedRaster top{{4, 4, 1, SampleType::float32}};
        std::fill(top.validity.bytes().begin(), top.validity.bytes().end(), std::byte{255});
        lay_over(top, bottom, shift, shift);
    }
    CHECK(bottom.validity.row(0)[0] == 255);
}

TEST_CASE("what weighs nothing is not looked at, for it may be NaN")
{
    MaskedRaster bottom{{1, 1, 1, SampleType::float32}}, top{{1, 1, 1, SampleType::float32}};
    bottom.pixels.row<float>(0)[0] = std::nanf("");
    top.pixels.row<float>(0)[0] = 20;
    top.validity.row(0)[0] = 128;
    lay_over(top, bottom, 0, 0);
    CHECK(bottom.pixels.row<float>(0)[0] == 20);
    CHECK(bottom.validity.row(0)[0] == 128);
}

TEST_CASE("a mosaic's grid is the same whichever source it is made from")
{
    struct {
        double left, top, pixel;
    } const rows[] = {
        {430000, 6712000, 0.05},
        {430000.0137, 6712000.0219, 0.05},
        {-20037508.342789244 + 163 * 512 * 0.14929107082380833, 20037508.342789244, 0.14929107082380833},
        {-20037508.342789244 + 20000000 * 0.018661383852976041, 0.018661383852976041 * 1000,
         0.018661383852976041},
        {-500.05, -1000.4, 0.3},
        {1.0 / 3, 45, 1.0 / 10800},
    };
    for (auto const& row : rows) {
        std::vector<Source> sources;
        for (int i = 0; i < 40; ++i)
            sources.push_back(
                source_at(row.left + i * 300 * row.pixel, row.top - i * i * 7 * row.pixel, row.pixel));
        // The noise that programs leave in pixel sizes.
        for (std::size_t i = 1; i < sources.size(); i += 3)
            sources[i].pixel_width = std::nextafter(sources[i].pixel_width, 0.0);
        auto const first = Lattice::of(sources.front());
        CHECK(first.left >= 0);
        CHECK(first.left < first.pixel_width);
        for (auto const& source : sources) {
            auto const lattice = Lattice::of(source);
            CHECK(lattice.left == first.left);
            CHECK(lattice.top == first.top);
            CHECK(lattice.pixel_width == first.pixel_width);
            CHECK(lattice.pixel_height == first.pixel_height);
            CHECK(first.holds(source));
            auto const place = first.place_of(source);
            CHECK(std::abs(first.left + static_cast<double>(place.x) * first.pixel_width - source.left) <
                  1e-3 * row.pixel);
            CHECK(std::abs(first.top - static_cast<double>(place.y) * first.pixel_height - source.top) <
                  1e-3 * row.pixel);
        }
    }
}

TEST_CASE("finer pixels lie on top of coarser ones, whatever their paths")
{
    auto const source = [](char const* file, double pixel, char const* crs) {
        Source described{.file = file, .crs = Crs::from_definition(crs)};
        described.left = 430000;
        described.top = 6712000;
        described.pixel_width = described.pixel_height = pixel;
        described.width = described.height = 100;
        described.bands = 3;
        return described;
    };
    auto const mosaics = group_by_grid({source("a.tif", 0.05, "EPSG:2154"), source("b.tif", 0.2, "EPSG:2154"),
                                        source("c.tif", 0.1, "EPSG:3947"), source("d.tif", 0.05, "EPSG:2154"),
                                        source("e.tif", 0.000001, "EPSG:4326")});
    std::vector<double> sizes;
    for (auto const& mosaic : mosaics)
        sizes.push_back(mosaic.pixel_width());
    CHECK(sizes == std::vector{0.2, 0.000001, 0.1, 0.05}); // a millionth of a degree is 11 cm
    CHECK(mosaics.back().sources().size() == 2);
}

TEST_CASE("mosaics do not depend on the order in which sources come")
{
    std::vector<Source> sources;
    for (int i = 0; i < 12; ++i) {
        sources.push_back(source_at(i * 5, 0, i % 3 == 0 ? 0.05 : 0.1));
        sources.back().file = std::string(1, static_cast<char>('a' + i));
    }
    auto const expected = group_by_grid(sources);
    std::reverse(sources.begin(), sources.end());
    auto const found = group_by_grid(sources);
    REQUIRE(expected.size() == 2);
    REQUIRE(found.size() == 2);
    CHECK(expected[0].sources()[1].file == "c"); // of the coarser ones
    CHECK(expected[1].sources()[1].file == "d");
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(expected[i].sources() == found[i].sources());
}

TEST_CASE("a window finds the sources that lie under it, and no others")
{
    std::mt19937 random{7};
    auto const number = [&](int lowest, int highest) {
        return std::uniform_int_distribution<int>{lowest, highest}(random);
    };
    for (int const largest : {60, 5000}) {
        std::vector<Source> sources;
        for (int i = 0; i < 300; ++i) {
            auto source = source_at(number(-3000, 3000), number(-3000, 3000), 1);
            source.width = number(1, i == 0 ? largest : 60);
            source.height = number(1, i == 1 ? largest : 60);
            sources.push_back(source);
        }
        auto const mosaics = group_by_grid(sources);
        REQUIRE(mosaics.size() == 1);
        for (int i = 0; i < 2000; ++i) {
            MosaicWindow const window{number(-3200, 3200), number(-3200, 3200), number(1, 150),
                                      number(1, 150)};
            bool const expected = std::any_of(sources.begin(), sources.end(), [&](Source const& source) {
                auto const x = std::llround(source.left), y = std::llround(-source.top);
                return x < window.x + window.width && window.x < x + source.width &&
                       y < window.y + window.height && window.y < y + source.height;
            });
            REQUIRE(mosaics[0].touches(window) == expected);
        }
    }
    CHECK_FALSE(group_by_grid({source_at(0, 0)})[0].touches({0, 0, 0, 10}));
}

TEST_CASE("a window is filled whole, whatever the buffer held, and says how much is data")
{
    test::TemporaryFolder const folder;
    auto const holes = [](std::int32_t x, std::int32_t y) { return (x / 9 + y / 7) % 3 != 0; };
    // Side by side, over one another, with a mask and without, and a hole in the middle of nowhere.
    struct {
        double left, top;
        bool masked;
    } const rows[] = {{0, 100, false}, {50, 100, true}, {30, 80, true},
                      {40, 70, false}, {0, 50, false},  {160, 100, true}};
    std::vector<Source> sources;
    for (auto const& row : rows)
        sources.push_back(
            describe_source(test::write_dalle(
                                folder / (std::to_string(sources.size()) + ".tif"),
                                {.left = row.left, .top = row.top, .pixel = 1, .width = 50, .height = 50},
                                [i = sources.size()](double x, double y, int band) {
                                    return std::fmod(x + 3 * y + 40.0 * static_cast<double>(i), 250) + band;
                                },
                                row.masked ? holes : test::Holes{}),
                            {}));
    auto const mosaics = group_by_grid(std::move(sources));
    REQUIRE(mosaics.size() == 1);
    SourceReader reader{{}};
    int found[3] = {};
    for (std::int64_t y = -130; y < 10; y += 17)
        for (std::int64_t x = -30; x < 230; x += 13)
            for (std::int32_t const side : {5, 20, 90}) {
                auto into = full_of_noise({side, side, 3, SampleType::uint8});
                auto const validity = mosaics[0].read(reader, x, y, rgb, into);
                auto const expected = by_laying_over(mosaics[0], reader, {x, y, side, side});
                REQUIRE(validity == validity_of(expected.view()));
                ++found[static_cast<int>(validity)];
                for (std::int32_t row = 0; row < side; ++row)
                    for (std::int32_t col = 0; col < side; ++col) {
                        auto const valid = expected.validity.row(row)[col];
                        REQUIRE(into.validity.row(row)[col] == valid);
                        if (valid > 0)
                            REQUIRE(std::equal(into.pixels.row(row) + 3 * col,
                                               into.pixels.row(row) + 3 * col + 3,
                                               expected.pixels.row(row) + 3 * col));
                    }
            }
    for (int const count : found)
        CHECK(count > 10);
    auto outside = full_of_noise({20, 20, 3, SampleType::uint8});
    CHECK(mosaics[0].read(reader, 5000, 0, rgb, outside) == Validity::none);
    CHECK(same_bits(outside, MaskedRaster{outside.pixels.shape()}));
}

TEST_CASE("halved, one dalle and its hundred pieces are the same, and so is any window of them")
{
    test::TemporaryFolder const folder;
    auto const nodata_in_places = [](double x, double y, int band) {
        return std::fmod(x * 0.37 + y * 0.11, 10) < 2 ? 0.0 : test::hills(x, y, band);
    };
    test::Dalle dalle{.left = 1003, .top = 2011, .pixel = 1, .width = 600, .height = 600, .nodata = 0};
    auto const whole = group_by_grid(
        {describe_source(test::write_dalle(folder / "whole.tif", dalle, nodata_in_places), {})});
    std::vector<Source> sources;
    dalle.width = dalle.height = 60;
    for (int i = 0; i < 100; ++i) {
        auto piece = dalle;
        piece.left += i % 10 * 60, piece.top -= i / 10 * 60;
        sources.push_back(describe_source(
            test::write_dalle(folder / ("piece" + std::to_string(i) + ".tif"), piece, nodata_in_places), {}));
    }
    auto const pieces = group_by_grid(std::move(sources));
    REQUIRE(pieces.size() == 1);
    SourceReader reader{{}};
    for (int halvings = 0; halvings <= 6; ++halvings) {
        std::int64_t const step = 1 << halvings;
        MosaicWindow const window{960 / step * step, -2048 / step * step, 768 / step * step,
                                  768 / step * step};
        auto const one = whole[0].read_halved(reader, window, rgb, halvings);
        auto const many = pieces[0].read_halved(reader, window, rgb, halvings);
        REQUIRE(one.pixels.shape().width == 768 / step);
        REQUIRE(validity_of(one.view()) == Validity::partial);
        // What is not data may hold anything when nothing was halved.
        if (halvings > 0)
            REQUIRE(same_bits(one, many));
        auto const part = pieces[0].read_halved(
            reader, {window.x + 3 * step, window.y + 5 * step, 6 * step, 4 * step}, rgb, halvings);
        for (std::int32_t y = 0; y < 4 && halvings > 0; ++y)
            REQUIRE(std::equal(part.pixels.row(y), part.pixels.row(y) + 18, many.pixels.row(y + 5) + 9));
    }
}

TEST_CASE("halving is the weighted mean of the finer one, and nodata never bleeds")
{
    test::TemporaryFolder const folder;
    auto const flat = [](double x, double y, int) { return std::fmod(x + 2 * y, 7) < 3 ? 0.0 : 200.0; };
    auto const mosaics = group_by_grid({describe_source(
        test::write_dalle(folder / "a.tif",
                          {.left = 5, .top = -3, .pixel = 1, .width = 1200, .height = 700, .nodata = 0},
                          flat),
        {})});
    SourceReader reader{{}};
    MosaicWindow const window{-64, -64, 1408, 896};
    auto finer = mosaics[0].read(reader, window, rgb);
    for (int halvings = 1; halvings <= 5; ++halvings) {
        auto const& shape = finer.pixels.shape();
        MaskedRaster expected{{shape.width / 2, shape.height / 2, 3, SampleType::uint8}};
        reduce_2x2(finer.view(), expected, 0, 0);
        auto found = mosaics[0].read_halved(reader, window, rgb, halvings);
        REQUIRE(same_bits(found, expected));
        for (std::int32_t y = 0; y < found.pixels.shape().height; ++y)
            for (std::int32_t x = 0; x < found.pixels.shape().width; ++x)
                REQUIRE(found.pixels.row(y)[3 * x] == (found.validity.row(y)[x] > 0 ? 200 : 0));
        finer = std::move(found);
    }
}
