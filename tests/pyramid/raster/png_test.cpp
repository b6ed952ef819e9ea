// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/pyramid/raster/paint.hpp"

#include <png.h>

using namespace ardoise;
using namespace ardoise::test;

namespace {

std::uint32_t big_endian(ByteView bytes, std::size_t offset)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    return value;
}

/// An independent writer, for the kinds of PNG that ours never makes.
struct ForeignPng {
    std::int32_t width = 0, height = 0;
    int depth = 8, colour_type = PNG_COLOR_TYPE_RGB, interlace = PNG_INTERLACE_NONE;
    std::vector<png_color> palette;
    std::vector<png_byte> transparency;

    Bytes write(std::function<png_byte(std::size_t at)> const& value) const
    {
        Bytes out;
        auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
        auto* info = png_create_info_struct(png);
        auto const take = [](png_structp from, png_bytep bytes, std::size_t count) {
            auto& to = *static_cast<Bytes*>(png_get_io_ptr(from));
            auto const* first = reinterpret_cast<std::byte const*>(bytes);
            to.insert(to.end(), first, first + count);
        };
        png_set_write_fn(png, &out, take, nullptr);
        png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth,
                     colour_type, interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        if (!palette.empty())
            png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
        if (!transparency.empty())
            png_set_tRNS(png, info, transparency.data(), static_cast<int>(transparency.size()), nullptr);
        auto const row_size = png_get_rowbytes(png, info);
        std::vector<png_byte> pixels(row_size * static_cast<std::size_t>(height));
        std::vector<png_bytep> rows;
        for (std::size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = value(i);
        for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y)
            rows.push_back(pixels.data() + y * row_size);
        png_set_rows(png, info, rows.data());
        png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
        png_destroy_write_struct(&png, &info);
        return out;
    }
};

/// Read by libpng's simplified interface, as 8-bit RGBA.
Raster read_by_libpng(Bytes const& file)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_memory(&image, file.data(), file.size()));
    image.format = PNG_FORMAT_RGBA;
    Raster raster{{static_cast<std::int32_t>(image.width), static_cast<std::int32_t>(image.height), 4}};
    REQUIRE(png_image_finish_read(&image, nullptr, raster.row(0), 0, nullptr));
    CHECK(image.warning_or_error == 0);
    return raster;
}

Raster as_rgba(Raster const& picture)
{
    auto const& shape = picture.shape();
    return paint({shape.width, shape.height, 4}, [&](auto x, auto y, auto c) {
        bool const has_alpha = shape.channels % 2 == 0;
        if (c == 3)
            return has_alpha ? sample(picture.view(), x, y, shape.channels - 1) : 255;
        return sample(picture.view(), x, y, shape.channels < 3 ? 0 : c);
    });
}

} // namespace

TEST_CASE("PNG gives every pixel back, in all shapes, filters and levels")
{
    for (auto const& shape : all_shapes(37, 23)) {
        if (shape.type == SampleType::float32)
            continue;
        auto const picture = noise(shape);
        for (auto const filter : {png::Filter::none, png::Filter::up})
            for (int const level : {1, 6, 12}) {
                INFO(name_of(shape) << ", level " << level);
                auto const back = png::decode(png::encode(picture.view(), {filter, level}));
                CHECK(same_pixels(picture.view(), back.view()));
            }
    }
}

TEST_CASE("PNG is IHDR, one IDAT, IEND and nothing else, to the byte")
{
    for (auto const filter : {png::Filter::none, png::Filter::up})
        for (std::int32_t const channels : {1, 2, 3, 4}) {
            INFO(channels << " channels");
            auto const file = png::encode(hills({256, 100, channels}).view(), {filter, 5});
            CHECK(as_text(ByteView{file}.first(8)) == "\x89PNG\r\n\x1A\n");
            CHECK(big_endian(file, 8) == 13);
            CHECK(as_text(ByteView{file}.subspan(12, 4)) == "IHDR");
            CHECK(big_endian(file, 16) == 256);
            CHECK(big_endian(file, 20) == 100);
            CHECK(std::to_integer<int>(file[24]) == 8);
            CHECK(std::to_integer<int>(file[25]) ==
                  std::array{0, 4, 2, 6}[static_cast<std::size_t>(channels - 1)]);
            CHECK(big_endian(file, 26) >> 8 == 0); // compression, filter method, interlace
            auto const length = big_endian(file, 33);
            CHECK(as_text(ByteView{file}.subspan(37, 4)) == "IDAT");
            REQUIRE(file.size() == 41 + length + 4 + 12);
            CHECK(big_endian(file, 45 + length) == 0);
            CHECK(as_text(ByteView{file}.subspan(49 + length, 4)) == "IEND");
            CHECK(big_endian(file, 53 + length) == 0xAE426082);
        }
}

TEST_CASE("PNG without filter is the plain rows, each behind a zero")
{
    for (auto const& shape : {RasterShape{19, 7, 3}, RasterShape{19, 7, 1, SampleType::uint16}}) {
        INFO(name_of(shape));
        auto const picture = noise(shape);
        auto const file = png::encode(picture.view(), {png::Filter::none, 6});
        auto const idat = ByteView{file}.subspan(41, big_endian(file, 33));
        auto const row_size = static_cast<std::int32_t>(shape.bytes_per_row());
        // The rows with their filter bytes are themselves pixels that a TIFF tile could hold.
        auto const rows = tiff::decode_tile(idat, {row_size + 1, 7, 1}, tiff::Compression::deflate);
        for (std::int32_t y = 0; y < 7; ++y) {
            CHECK(rows.row(y)[0] == 0);
            for (std::int32_t i = 0; i < row_size; ++i) {
                auto const high_byte_first = shape.type == SampleType::uint16 ? i ^ 1 : i;
                REQUIRE(rows.row(y)[1 + i] == picture.row(y)[high_byte_first]);
            }
        }
    }
}

TEST_CASE("libpng reads our PNG")
{
    for (std::int32_t const channels : {1, 2, 3, 4})
        for (auto const filter : {png::Filter::none, png::Filter::up}) {
            INFO(channels << " channels");
            auto const picture = noise({31, 17, channels});
            auto const back = read_by_libpng(png::encode(picture.view(), {filter, 1}));
            CHECK(same_pixels(back.view(), as_rgba(picture).view()));
        }
}

TEST_CASE("PNG of few colours has a palette of no more bits than it needs, and every pixel")
{
    struct {
        std::size_t colours;
        int depth;
    } const rows[] = {{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 4}, {16, 4}, {17, 8}, {255, 8}, {256, 8}};
    for (auto const& [colours, depth] : rows)
        for (std::int32_t const channels : {1, 2, 3, 4}) {
            if (channels == 1 && depth == 8)
                continue;
            INFO(colours << " colours, " << channels << " channels");
            auto const picture = in_colours(colours, {37, 23, channels});
            auto const file = png::encode(picture.view(), FewColours::of(picture.view()).value());
            CHECK(std::to_integer<int>(file[24]) == depth);
            CHECK(std::to_integer<int>(file[25]) == PNG_COLOR_TYPE_PALETTE);
            CHECK(same_pixels(read_by_libpng(file).view(), as_rgba(picture).view()));
            bool const has_alpha = channels % 2 == 0 && colours > 1;
            CHECK(png::decode(file).shape() == RasterShape{37, 23, has_alpha ? 4 : 3});
        }
}

TEST_CASE("PNG of few colours says of no more of them how transparent they are than have to be")
{
    // Number 1 alone is not opaque.
    auto const picture = in_colours(3, {16, 16, 4});
    auto const file = png::encode(picture.view(), FewColours::of(picture.view()).value());
    CHECK(as_text(ByteView{file}.subspan(37, 4)) == "PLTE");
    CHECK(big_endian(file, 33) == 3 * 3);
    CHECK(as_text(ByteView{file}.subspan(58, 4)) == "tRNS");
    CHECK(big_endian(file, 54) == 1);
    auto const opaque = in_colours(3, {16, 16, 3});
    auto const without = png::encode(opaque.view(), FewColours::of(opaque.view()).value());
    CHECK(as_text(ByteView{without}.subspan(58, 4)) == "IDAT");
}

TEST_CASE("PNG of many greys is grey, however many channels they come in")
{
    for (std::int32_t const channels : {1, 2, 3, 4}) {
        INFO(channels << " channels");
        auto const picture = paint({40, 20, channels}, [&](auto x, auto y, auto c) {
            return c == channels - 1 && channels % 2 == 0 ? 255 : (x + 3 * y) % 90;
        });
        auto const file = png::encode(picture.view(), FewColours::of(picture.view()).value());
        CHECK(std::to_integer<int>(file[25]) == PNG_COLOR_TYPE_GRAY);
        CHECK(same_pixels(read_by_libpng(file).view(), as_rgba(picture).view()));
    }
}

TEST_CASE("PNG of few colours takes fewer bytes")
{
    auto const classes = paint({256, 256, 3}, [](auto x, auto y, auto c) {
        return std::array{200, 90, 30}[static_cast<std::size_t>(c)] + (x / 31 + y / 17) % 7;
    });
    auto const few = FewColours::of(classes.view()).value();
    CHECK(2 * png::encode(classes.view(), few).size() < png::encode(classes.view()).size());
}

TEST_CASE("PNG expands palettes and their transparency")
{
    ForeignPng foreign{
        8, 4, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}}, {}};
    auto const index = [](std::size_t i) { return static_cast<png_byte>(i % 3); };
    auto const opaque = png::decode(foreign.write(index));
    CHECK(opaque.shape() == RasterShape{8, 4, 3});
    CHECK(same_pixels(opaque.view(), paint({8, 4, 3}, [](auto x, auto y, auto c) {
                                         return 10 + 30 * ((8 * y + x) % 3) + 10 * c;
                                     }).view()));
    foreign.transparency = {0, 128};
    auto const clear = png::decode(foreign.write(index));
    CHECK(clear.shape() == RasterShape{8, 4, 4});
    CHECK(sample(clear.view(), 0, 0, 3) == 0);
    CHECK(sample(clear.view(), 1, 0, 3) == 128);
    CHECK(sample(clear.view(), 2, 0, 3) == 255);
}

TEST_CASE("PNG expands low depths to the whole range")
{
    for (int const depth : {1, 2, 4}) {
        INFO(depth << " bits");
        ForeignPng const foreign{16, 2, depth, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, {}, {}};
        auto const raster = png::decode(foreign.write([](std::size_t) { return png_byte{0xFF}; }));
        CHECK(same_pixels(raster.view(), plain({16, 2, 1}, 255).view()));
    }
}

TEST_CASE("PNG reads interlaced files like others")
{
    ForeignPng foreign{33, 21, 16, PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE, {}, {}};
    auto const value = [](std::size_t i) { return static_cast<png_byte>(i * 37 % 251); };
    auto const expected = png::decode(foreign.write(value));
    foreign.interlace = PNG_INTERLACE_ADAM7;
    auto const interlaced = png::decode(foreign.write(value));
    CHECK(expected.shape() == RasterShape{33, 21, 4, SampleType::uint16});
    CHECK(same_pixels(expected.view(), interlaced.view()));
}

TEST_CASE("PNG refuses what it cannot hold")
{
    CHECK_THROWS_AS(png::encode(Raster{{4, 4, 1, SampleType::float32}}.view()), Failure);
    CHECK_THROWS_AS(png::encode(Raster{{4, 4, 5}}.view()), Failure);
    CHECK_THROWS_AS(png::encode(Raster{{4, 0, 3}}.view()), Failure);
    CHECK_THROWS_AS(png::encode(Raster{{4, 4, 3}}.view(), {png::Filter::up, 0}), Failure);
    CHECK_THROWS_AS(png::encode(Raster{{4, 4, 3}}.view(), {png::Filter::up, 13}), Failure);
}

TEST_CASE("PNG of a crop is that of a copy of it")
{
    auto const picture = noise({50, 40, 3, SampleType::uint16});
    auto const crop = picture.view().crop({7, 9, 20, 11});
    Raster copy{crop.shape};
    paste(crop, copy, 0, 0);
    CHECK(png::encode(crop) == png::encode(copy.view()));
}
