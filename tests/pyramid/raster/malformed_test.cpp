// SPDX-License-Identifier: Apache-2.0
// What comes from outside may be anything: each decoder answers with a raster or a Failure.
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/pyramid/raster/paint.hpp"

#include <random>

using namespace ardoise;
using namespace ardoise::test;
using tiff::Compression;

namespace {

constexpr RasterShape small{24, 18, 3};

/// A decoder and a file that it reads.
struct Case {
    std::string name;
    Bytes file;
    std::function<Raster(ByteView)> decode;
};

std::vector<Case> all_decoders()
{
    auto const picture = hills(small);
    auto const as_it_is = [](ByteView bytes) { return webp::decode(bytes); };
    std::vector<Case> cases{{"JPEG", jpeg::encode(picture.view(), 85), jpeg::decode},
                            {"grey JPEG", jpeg::encode(hills({24, 18, 1}).view(), 85), jpeg::decode},
                            {"PNG", png::encode(picture.view()), png::decode},
                            {"WebP", webp::encode(picture.view(), 80), as_it_is},
                            {"WebP with alpha", webp::encode(noise({24, 18, 4}).view(), 80), as_it_is}};
    for (auto const compression :
         {Compression::none, Compression::lzw, Compression::deflate, Compression::packbits})
        cases.push_back({"TIFF, compression " + std::to_string(static_cast<int>(compression)),
                         tiff::encode_tile(picture.view(), compression), [compression](ByteView bytes) {
                             return tiff::decode_tile(bytes, small, compression);
                         }});
    return cases;
}

/// Decodes a copy of just these bytes, so that a read past the end is seen by the address sanitizer.
bool decodes(Case const& test, ByteView bytes)
{
    std::vector<std::byte> const exact(bytes.begin(), bytes.end());
    try {
        return !test.decode(exact).empty();
    } catch (Failure const& failure) {
        return std::string_view{failure.what()}.empty();
    }
}

void put_big_endian(Bytes& file, std::size_t offset, std::uint32_t value, std::size_t bytes)
{
    for (std::size_t i = 0; i < bytes; ++i)
        file.at(offset + i) = static_cast<std::byte>(value >> 8 * (bytes - 1 - i));
}

std::size_t find(Bytes const& file, std::string_view text)
{
    return as_text(file).find(text);
}

} // namespace

TEST_CASE("a file cut off anywhere is a failure")
{
    for (auto const& test : all_decoders()) {
        INFO(test.name);
        REQUIRE(decodes(test, test.file));
        // LZW alone may lose its last bytes, which only say that the end was reached.
        std::size_t const needless = test.name == "TIFF, compression 5" ? 2 : 0;
        for (std::size_t length = 0; length + needless < test.file.size(); ++length)
            if (decodes(test, ByteView{test.file}.first(length)))
                FAIL(length << " of " << test.file.size() << " bytes were enough");
    }
}

TEST_CASE("a flipped byte never does harm")
{
    for (auto const& test : all_decoders()) {
        INFO(test.name);
        std::size_t refused = 0;
        for (std::size_t i = 0; i < test.file.size(); ++i)
            for (auto const flip : {std::byte{0x01}, std::byte{0x80}, std::byte{0xFF}}) {
                auto file = test.file;
                file[i] ^= flip;
                refused += decodes(test, file) ? 0 : 1;
            }
        if (test.name == "PNG")
            CHECK(refused == 3 * test.file.size());
        else if (test.name != "TIFF, compression 1")
            CHECK(refused > 0);
    }
}

TEST_CASE("noise is never an image, and never does harm")
{
    std::mt19937 random{5};
    for (auto const& test : all_decoders()) {
        INFO(test.name);
        for (int round = 0; round < 200; ++round) {
            Bytes file(random() % 300);
            // Half of the rounds keep a true beginning, to come further than the signature.
            for (std::size_t i = 0; i < file.size(); ++i)
                file[i] = round % 2 == 0 && i < 40 && i < test.file.size() ? test.file[i]
                                                                           : static_cast<std::byte>(random());
            decodes(test, file);
        }
    }
    SUCCEED();
}

TEST_CASE("nothing at all is a failure")
{
    for (auto const& test : all_decoders()) {
        INFO(test.name);
        CHECK_THROWS_AS(test.decode({}), Failure);
    }
}

TEST_CASE("a JPEG that declares more than it can hold is refused before anything is allocated")
{
    auto file = jpeg::encode(hills(small).view(), 85);
    auto const start_of_frame = find(file, std::string_view{"\xFF\xC0", 2});
    for (auto const& [width, height] :
         {std::pair{65535u, 65535u}, {65500u, 65500u}, {65501u, 1u}, {16000u, 16000u}, {4000u, 4000u}}) {
        put_big_endian(file, start_of_frame + 5, height, 2);
        put_big_endian(file, start_of_frame + 7, width, 2);
        CHECK_THROWS_WITH(jpeg::decode(file), Catch::Matchers::Contains("pixels"));
    }
}

TEST_CASE("a PNG that declares more than it can hold is refused before anything is allocated")
{
    // The checksum of IHDR must be right for the sizes to be looked at, so a true but empty header is
    // written.
    for (auto const& [width, height] : {std::pair{16000, 16000}, {4000, 4000}, {65500, 3900}}) {
        auto file = png::encode(Raster{{width, 1, 4}}.view());
        put_big_endian(file, 20, static_cast<std::uint32_t>(height), 4);
        // CRC-32 of type and content, bit by bit: independent of the library under test.
        std::uint32_t crc = ~0u;
        for (std::size_t i = 12; i < 29; ++i) {
            crc ^= std::to_integer<std::uint32_t>(file[i]);
            for (int bit = 0; bit < 8; ++bit)
                crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
        }
        put_big_endian(file, 29, ~crc, 4);
        CHECK_THROWS_WITH(png::decode(file), Catch::Matchers::Contains("more pixels are declared"));
    }
}

TEST_CASE("a PNG with a side beyond the limit is refused")
{
    auto file = png::encode(Raster{{65500, 1, 1}}.view());
    CHECK(png::decode(file).shape().width == 65500);
    put_big_endian(file, 16, 65501, 4);
    CHECK_THROWS_AS(png::decode(file), Failure);
    CHECK_THROWS_AS(png::encode(Raster{{65501, 1, 1}}.view()), Failure);
}

TEST_CASE("a zlib stream that inflates to more than the tile is a failure, not an overflow")
{
    auto const bomb = tiff::encode_tile(plain({4000, 4000, 1}, 0).view(), Compression::deflate);
    CHECK(bomb.size() < 20000);
    CHECK_THROWS_AS(tiff::decode_tile(bomb, {16, 16, 1}, Compression::deflate), Failure);
}

TEST_CASE("an LZW stream that uses a code before it exists is a failure")
{
    // 9-bit codes: clear, 'A', 300.
    constexpr std::uint32_t bits = 256u << 18 | 65u << 9 | 300u;
    Bytes stream(4);
    put_big_endian(stream, 0, bits << 5, 4);
    CHECK_THROWS_AS(tiff::decode_tile(stream, {3, 1, 1}, Compression::lzw), Failure);
}
