// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/pyramid/raster/paint.hpp"

#include <map>
#include <thread>
#include <vector>

using namespace ardoise;
using namespace ardoise::test;

namespace {

unsigned at(Bytes const& bytes, std::size_t i)
{
    return std::to_integer<unsigned>(bytes.at(i));
}

/// The segments of a JPEG file up to its pixels: marker and where its content begins.
std::vector<std::pair<unsigned, std::size_t>> segments(Bytes const& file)
{
    std::vector<std::pair<unsigned, std::size_t>> found;
    for (std::size_t i = 2; at(file, i) == 0xFF;) {
        found.emplace_back(at(file, i + 1), i + 4);
        if (at(file, i + 1) == 0xDA)
            break;
        i += 2 + (at(file, i + 2) << 8 | at(file, i + 3));
    }
    return found;
}

} // namespace

TEST_CASE("JPEG keeps a picture recognisable")
{
    struct Case {
        int quality;
        double least_psnr;
    };
    for (std::int32_t const channels : {1, 3})
        for (auto const [quality, least] : {Case{50, 33}, {75, 36}, {85, 38}, {95, 42}}) {
            INFO(channels << " channels at quality " << quality);
            auto const picture = hills({256, 256, channels});
            auto const back = jpeg::decode(jpeg::encode(picture.view(), quality));
            REQUIRE(back.shape() == picture.shape());
            CHECK(psnr(picture.view(), back.view()) > least);
        }
}

TEST_CASE("JPEG leaves the fourth channel out")
{
    auto const picture = hills({64, 48, 4});
    auto const without =
        paint({64, 48, 3}, [&](auto x, auto y, auto c) { return sample(picture.view(), x, y, c); });
    CHECK(jpeg::encode(picture.view(), 85) == jpeg::encode(without.view(), 85));
}

TEST_CASE("JPEG takes any size, and a crop as well as a copy of it")
{
    for (std::int32_t const side : {1, 2, 7, 8, 9, 15, 16, 17, 31, 255}) {
        INFO(side);
        auto const picture = hills({300, 300, 3});
        auto const crop = picture.view().crop({11, 13, side, 2 * side > 280 ? 280 : 2 * side});
        Raster copy{crop.shape};
        paste(crop, copy, 0, 0);
        auto const bytes = jpeg::encode(crop, 90);
        CHECK(bytes == jpeg::encode(copy.view(), 90));
        CHECK(jpeg::decode(bytes).shape() == crop.shape);
    }
}

TEST_CASE("a JPEG tile is a baseline JFIF file of its own, 4:2:0, with standard tables")
{
    auto const file = jpeg::encode(hills({256, 256, 3}).view(), 85);
    CHECK(at(file, 0) == 0xFF);
    CHECK(at(file, 1) == 0xD8);
    CHECK(at(file, file.size() - 2) == 0xFF);
    CHECK(at(file, file.size() - 1) == 0xD9);
    std::map<unsigned, int> count;
    for (auto const& [marker, content] : segments(file)) {
        ++count[marker];
        if (marker == 0xE0)
            CHECK(as_text(ByteView{file}.subspan(content, 4)) == "JFIF");
        if (marker == 0xC0) {
            CHECK(at(file, content) == 8);
            CHECK(at(file, content + 5) == 3);
            CHECK(at(file, content + 7) == 0x22);
            CHECK(at(file, content + 10) == 0x11);
            CHECK(at(file, content + 13) == 0x11);
        }
    }
    CHECK(count == std::map<unsigned, int>{{0xE0, 1}, {0xDB, 2}, {0xC0, 1}, {0xC4, 4}, {0xDA, 1}});
    CHECK(segments(file).front().first == 0xE0);
}

TEST_CASE("a JPEG goes through its planes and loses next to nothing, at any size")
{
    for (auto const& [width, height] : {std::pair{256, 256}, {255, 31}, {16, 17}, {1, 1}, {2, 300}}) {
        INFO(width << " x " << height);
        auto const file = jpeg::encode(hills({width, height, 3}).view(), 90);
        auto const planes = jpeg::decode_planes(file);
        REQUIRE(planes);
        CHECK(planes->width == width);
        CHECK(planes->luma.shape() == RasterShape{width + width % 2, height + height % 2});
        CHECK(planes->chroma[1].shape() == RasterShape{(width + 1) / 2, (height + 1) / 2});
        auto const again = jpeg::decode(jpeg::encode(*planes, 90));
        REQUIRE(again.shape() == RasterShape{width, height, 3});
        CHECK(psnr(again.view(), jpeg::decode(file).view()) > 45);
    }
}

TEST_CASE("only 4:2:0 has planes, and what is no JPEG fails as it does for pixels")
{
    CHECK_FALSE(jpeg::decode_planes(jpeg::encode(hills({64, 64, 1}).view(), 85)));
    auto const file = jpeg::encode(hills({64, 64, 3}).view(), 85);
    CHECK_THROWS_AS(jpeg::decode_planes(ByteView{file}.first(file.size() / 2)), Failure);
    CHECK_THROWS_AS(jpeg::decode_planes(ByteView{file}.first(10)), Failure);
    CHECK(jpeg::decode_planes(file));
    CHECK_THROWS_AS(jpeg::encode(jpeg::Planes{16, 16}, 0), Failure);
}

TEST_CASE("a JPEG of one channel is grey")
{
    auto const file = jpeg::encode(hills({32, 32, 1}).view(), 85);
    for (auto const& [marker, content] : segments(file))
        if (marker == 0xC0)
            CHECK(at(file, content + 5) == 1);
    CHECK(jpeg::decode(file).shape().channels == 1);
}

TEST_CASE("JPEG refuses what it cannot hold")
{
    for (auto const& shape : {RasterShape{8, 8, 2}, RasterShape{8, 8, 3, SampleType::uint16},
                              RasterShape{8, 8, 1, SampleType::float32}, RasterShape{0, 8, 3}}) {
        INFO(name_of(shape));
        CHECK_THROWS_AS(jpeg::encode(Raster{shape}.view(), 85), Failure);
    }
    auto const picture = hills({8, 8, 3});
    CHECK_THROWS_AS(jpeg::encode(picture.view(), 0), Failure);
    CHECK_THROWS_AS(jpeg::encode(picture.view(), 101), Failure);
}

TEST_CASE("a JPEG cut off anywhere does not spoil the next one")
{
    auto const file = jpeg::encode(hills({40, 40, 3}).view(), 85);
    auto const expected = jpeg::decode(file);
    for (std::size_t length = 0; length < file.size(); ++length) {
        CHECK_THROWS_AS(jpeg::decode(ByteView{file}.first(length)), Failure);
        REQUIRE(same_pixels(jpeg::decode(file).view(), expected.view()));
    }
}

TEST_CASE("JPEG gives the same bytes in every thread")
{
    auto const picture = hills({128, 128, 3});
    auto const expected = jpeg::encode(picture.view(), 85);
    auto const pixels = jpeg::decode(expected);
    std::vector<int> equal(4, 0);
    {
        std::vector<std::jthread> threads;
        for (auto& flag : equal)
            threads.emplace_back([&] {
                flag = jpeg::encode(picture.view(), 85) == expected &&
                       same_pixels(jpeg::decode(expected).view(), pixels.view());
            });
    }
    CHECK(equal == std::vector<int>(4, 1));
}
