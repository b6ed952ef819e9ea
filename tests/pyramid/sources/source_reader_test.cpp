// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source_reader.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

std::vector<int> const rgb{1, 2, 3};

bool all_valid(MaskedRaster const& raster)
{
    return validity_of(raster.view()) == Validity::full;
}

} // namespace

TEST_CASE("validity comes from nodata, a mask or alpha, and never from real black")
{
    test::TemporaryFolder const folder;
    auto const stripes = [](double x, double, int) { return std::fmod(x, 2) < 1 ? 0.0 : 77.0; };
    SourceReader reader{{}};
    auto const read = [&](test::Dalle const& dalle, char const* name, test::Holes const& holes = {}) {
        auto const file = test::write_dalle(folder / name, dalle, stripes, holes);
        return reader.read(describe_source(file, {}), {0, 0, dalle.width, dalle.height}, rgb);
    };
    test::Dalle const plain{.top = 64, .pixel = 1, .width = 64, .height = 64};
    CHECK(all_valid(read(plain, "black.tif")));

    auto with_nodata = plain;
    with_nodata.nodata = 0;
    auto const nodata = read(with_nodata, "nodata.tif");
    CHECK(nodata.validity.row(3)[0] == 0);
    CHECK(nodata.validity.row(3)[1] == 255);

    auto const masked = read(plain, "mask.tif", [](auto x, auto y) { return x + y > 60; });
    CHECK(masked.validity.row(0)[60] == 0);
    CHECK(masked.validity.row(0)[61] == 255);

    auto with_alpha = plain;
    with_alpha.bands = 4;
    with_alpha.alpha = true;
    auto const alpha = read(with_alpha, "alpha.tif"); // the alpha band holds the stripes, too
    CHECK(alpha.validity.row(3)[0] == 0);
    CHECK(alpha.validity.row(3)[1] == 77);
}

TEST_CASE("a pixel is nothing only when all of its bands are nodata")
{
    test::TemporaryFolder const folder;
    auto const ground = [](double x, double, int band) { return x < 4 ? (band == 0 ? 0.0 : 9.0) : 0.0; };
    auto const file = test::write_dalle(folder / "a.tif",
                                        {.top = 8, .pixel = 1, .width = 8, .height = 8, .nodata = 0}, ground);
    auto const raster = SourceReader{{}}.read(describe_source(file, {}), {0, 0, 8, 8}, rgb);
    CHECK(raster.validity.row(0)[3] == 255);
    CHECK(raster.validity.row(0)[4] == 0);
}

TEST_CASE("nodata that the sample type cannot hold says nothing")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif",
                                        {.top = 8, .pixel = 1, .width = 8, .height = 8, .nodata = -10000});
    CHECK(all_valid(SourceReader{{}}.read(describe_source(file, {}), {0, 0, 8, 8}, rgb)));
}

TEST_CASE("a band that is asked for as data is no alpha")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(
        folder / "a.tif", {.top = 8, .pixel = 1, .width = 8, .height = 8, .bands = 4, .alpha = true},
        [](double x, double, int band) { return band == 3 ? 10 * x : 50; });
    std::vector<int> const irc{4, 1, 2};
    auto const raster = SourceReader{{}}.read(describe_source(file, {}), {0, 0, 8, 8}, irc);
    CHECK(all_valid(raster));
    CHECK(raster.pixels.row(0)[0] == 5);
    CHECK(raster.pixels.row(0)[1] == 50);
}

TEST_CASE("a truncated source is a failure, not grey pixels")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif", {.top = 256, .pixel = 1});
    auto const source = describe_source(file, {});
    std::filesystem::resize_file(file, std::filesystem::file_size(file) * 2 / 3);
    CHECK_THAT(failure_text([&] {
                   SourceReader{{}}.read(source, {0, 0, 256, 256}, rgb);
               }),
               Contains("a.tif"));
}

TEST_CASE("a source that changed since it was described is a failure")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif", {.width = 8, .height = 8});
    auto const source = describe_source(file, {});
    test::write_dalle(folder / "a.tif", {.width = 9, .height = 8});
    CHECK_THAT(failure_text([&] {
                   SourceReader{{}}.read(source, {0, 0, 8, 8}, rgb);
               }),
               Contains("has changed"));
}

TEST_CASE("a window goes to its place in a larger raster, and nothing beside it is touched")
{
    test::TemporaryFolder const folder;
    auto const is_data = [](std::int32_t x, std::int32_t y) { return x >= 8 || y >= 8; };
    test::Dalle const dalle{.top = 32, .pixel = 1, .width = 32, .height = 32};
    for (auto const& file : {test::write_dalle(folder / "plain.tif", dalle),
                             test::write_dalle(folder / "mask.tif", dalle, test::hills, is_data)}) {
        auto const source = describe_source(file, {});
        SourceReader reader{{}};
        PixelBox const window{4, 6, 20, 10};
        auto const alone = reader.read(source, window, rgb);
        MaskedRaster into{{40, 30, 3, SampleType::uint8}};
        for (auto* const part : {&into.pixels, &into.validity})
            std::fill(part->bytes().begin(), part->bytes().end(), std::byte{99});
        CHECK(reader.read(source, window, rgb, into, 7, 3) == validity_of(alone.view()));
        for (std::int32_t y = 0; y < 30; ++y)
            for (std::int32_t x = 0; x < 40; ++x) {
                bool const inside = x >= 7 && x < 27 && y >= 3 && y < 13;
                REQUIRE(into.validity.row(y)[x] == (inside ? alone.validity.row(y - 3)[x - 7] : 99));
                REQUIRE(into.pixels.row(y)[3 * x + 1] ==
                        (inside ? alone.pixels.row(y - 3)[3 * (x - 7) + 1] : 99));
            }
    }
}

TEST_CASE("every way to say what is data says it, and those that say it together take away what either does")
{
    test::TemporaryFolder const folder;
    float const nan = std::numeric_limits<float>::quiet_NaN();
    auto const left_half = [](std::int32_t x, std::int32_t) { return x < 8; };
    struct Row {
        char const* name;
        test::Dalle dalle;
        double outside; // value of the samples, and of alpha, in the right half
        bool has_mask;
    };
    auto const dalle = [](int bands, SampleType type, std::optional<double> nodata) {
        return test::Dalle{
            .top = 16, .pixel = 1, .width = 16, .height = 16, .bands = bands, .type = type, .nodata = nodata};
    };
    auto beside = dalle(3, SampleType::uint8, {}), alpha = dalle(4, SampleType::uint8, {}),
         alpha_and_nodata = dalle(4, SampleType::uint8, 255);
    beside.mask_beside = true;
    alpha.alpha = alpha_and_nodata.alpha = true;
    Row const rows[] = {
        {"inside.tif", dalle(3, SampleType::uint8, {}), 7, true},
        {"beside.tif", beside, 7, true},
        {"alpha.tif", alpha, 0, false},
        {"alpha_and_nodata.tif", alpha_and_nodata, 0, false},
        {"nodata.tif", dalle(3, SampleType::uint8, 7), 7, false},
        {"one_band.tif", dalle(1, SampleType::uint8, 7), 7, false},
        {"mask_and_nodata.tif", dalle(3, SampleType::uint8, 99), 7, true},
        {"uint16.tif", dalle(3, SampleType::uint16, 65535), 65535, false},
        {"float.tif", dalle(1, SampleType::float32, -99999), -99999, false},
        {"nan.tif", dalle(1, SampleType::float32, nan), nan, false},
        {"double.tif", dalle(1, SampleType::float32, -3.4028234663852886e38), -3.4028234663852886e38, false},
    };
    for (auto const& row : rows) {
        auto const ground = [&](double x, double y, int band) {
            return x > 8 ? row.outside : band == 3 ? 255 : std::round(test::hills(x, y, band));
        };
        auto const source = describe_source(
            test::write_dalle(folder / row.name, row.dalle, ground, row.has_mask ? left_half : test::Holes{}),
            {});
        auto const bands = row.dalle.bands == 1 ? std::vector{1} : rgb;
        SourceReader reader{{}};
        INFO(row.name);
        CHECK_FALSE(reader.is_all_data(source, bands));
        MaskedRaster into{{16, 16, static_cast<std::int32_t>(bands.size()), source.type}};
        CHECK(reader.read(source, {0, 0, 16, 16}, bands, into, 0, 0) == Validity::partial);
        for (std::int32_t x = 0; x < 16; ++x)
            CHECK(into.validity.row(5)[x] == (x < 8 ? 255 : 0));
        CHECK(reader.read(source, {0, 0, 8, 16}, bands, into, 0, 0) == Validity::full);
        CHECK(reader.read(source, {8, 0, 8, 16}, bands, into, 0, 0) == Validity::none);
    }
}

TEST_CASE("samples come as they are: 16 bits, floats and their extremes")
{
    test::TemporaryFolder const folder;
    auto const exact = [&](SampleType type, auto sample, test::Ground const& ground) {
        auto const file = test::write_dalle(
            folder / "a.tif", {.top = 16, .pixel = 1, .width = 16, .height = 16, .bands = 1, .type = type},
            ground);
        auto const raster = SourceReader{{}}.read(describe_source(file, {}), {0, 0, 16, 16}, std::vector{1});
        CHECK(all_valid(raster));
        for (std::int32_t y = 0; y < 16; ++y)
            for (std::int32_t x = 0; x < 16; ++x)
                REQUIRE(raster.pixels.row<decltype(sample)>(y)[x] ==
                        static_cast<decltype(sample)>(ground(x + 0.5, 16 - (y + 0.5), 0)));
    };
    exact(SampleType::uint16, std::uint16_t{},
          [](double x, double y, int) { return x < 1 ? 65535 : std::floor(4000 * x + y); });
    exact(SampleType::float32, float{}, [](double x, double y, int) {
        return x < 1 ? double{std::numeric_limits<float>::max()} : double{static_cast<float>(x / 7 - y / 3)};
    });
}

TEST_CASE("a fourth band without a colour is data when it is asked for, and no alpha when it is not")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(
        folder / "a.tif", {.top = 8, .pixel = 1, .width = 8, .height = 8, .bands = 4, .colours = false},
        [](double x, double, int band) { return band == 3 ? std::floor(x) : 50; });
    auto const source = describe_source(file, {});
    SourceReader reader{{}};
    CHECK(reader.is_all_data(source, rgb));
    auto const infrared = reader.read(source, {0, 0, 8, 8}, std::vector{4, 1});
    CHECK(all_valid(infrared));
    CHECK(infrared.pixels.row(0)[2 * 5] == 5);
    CHECK(infrared.pixels.row(0)[2 * 5 + 1] == 50);
}

TEST_CASE("bands may change from one read to the next, and what is data with them")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(
        folder / "a.tif", {.top = 8, .pixel = 1, .width = 8, .height = 8, .bands = 4, .alpha = true},
        [](double x, double, int band) { return band == 3 && x < 4 ? 0 : 200; });
    auto const source = describe_source(file, {});
    SourceReader reader{{}};
    for (int i = 0; i < 2; ++i) {
        CHECK(validity_of(reader.read(source, {0, 0, 8, 8}, rgb).view()) == Validity::partial);
        CHECK(all_valid(reader.read(source, {0, 0, 8, 8}, std::vector{4})));
    }
}

TEST_CASE("more sources than may be open at once are read all the same")
{
    test::TemporaryFolder const folder;
    std::vector<Source> sources;
    for (int i = 0; i < 60; ++i)
        sources.push_back(describe_source(test::write_dalle(folder / (std::to_string(i) + ".tif"),
                                                            {.width = 8, .height = 8},
                                                            [i](double, double, int) { return i; }),
                                          {}));
    SourceReader reader{{}};
    for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < sources.size(); ++i)
            CHECK(reader.read(sources[i], {0, 0, 8, 8}, rgb).pixels.row(7)[3] == i);
}

TEST_CASE("a palette is read as its colours, and as nothing where its alpha says so")
{
    test::TemporaryFolder const folder;
    // Index 2 is half transparent, 3 wholly.
    test::Dalle const dalle{
        .top = 8,
        .pixel = 1,
        .width = 8,
        .height = 8,
        .bands = 1,
        .palette = {{10, 20, 30, 255}, {40, 50, 60, 255}, {70, 80, 90, 128}, {1, 2, 3, 0}}};
    auto const file =
        test::write_dalle(folder / "a.png", dalle, [](double x, double, int) { return std::floor(x / 2); });
    auto const source = describe_source(file, {});
    SourceReader reader{{}};
    CHECK_FALSE(reader.is_all_data(source, rgb));
    auto const colours = reader.read(source, {1, 1, 7, 7}, std::vector{3, 1});
    std::uint8_t const expected[] = {30, 10, 60, 40, 60, 40, 90, 70, 90, 70, 3, 1, 3, 1};
    std::uint8_t const valid[] = {255, 255, 255, 128, 128, 0, 0};
    CHECK(std::equal(std::begin(expected), std::end(expected), colours.pixels.row(6)));
    CHECK(std::equal(std::begin(valid), std::end(valid), colours.validity.row(6)));
    auto const alpha = reader.read(source, {0, 0, 8, 8}, std::vector{4});
    CHECK(alpha.pixels.row(0)[5] == 128);
    CHECK(alpha.validity.row(0)[5] == 255);
    MaskedRaster into{{4, 8, 3}};
    CHECK(reader.read(source, {0, 0, 4, 8}, rgb, into, 0, 0) == Validity::full);
}

TEST_CASE("nodata of a palette is an index")
{
    test::TemporaryFolder const folder;
    test::Dalle const dalle{.top = 8,
                            .pixel = 1,
                            .width = 8,
                            .height = 8,
                            .bands = 1,
                            .palette = {{1, 1, 1, 255}, {40, 50, 60, 255}}};
    auto const file =
        test::write_dalle(folder / "a.tif", dalle, [](double x, double, int) { return x < 4 ? 0 : 1; });
    SourceOptions options;
    CHECK(all_valid(SourceReader{options}.read(describe_source(file, options), {0, 0, 8, 8}, rgb)));
    options.nodata = 0;
    auto const raster = SourceReader{options}.read(describe_source(file, options), {0, 0, 8, 8}, rgb);
    CHECK(raster.validity.row(0)[3] == 0);
    CHECK(raster.validity.row(0)[4] == 255);
}
