// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/tiff_writer.hpp"
#include "tests/pyramid/raster/paint.hpp"
#include "tests/pyramid/raster/tiff_reader.hpp"

using namespace ardoise;
using namespace ardoise::test;

TEST_CASE("libtiff reads what is written, of any size, type and number of channels")
{
    // The last two take several strips, of which the last one is shorter.
    for (auto const& [width, height] : {std::pair{1, 1}, {17, 5}, {300, 700}, {2000, 301}})
        for (auto const& shape : all_shapes(width, height)) {
            INFO(name_of(shape));
            auto const picture = noise(shape);
            auto const file = tiff::write_file(picture.view());
            CHECK(same_pixels(picture.view(), read_by_libtiff(file, shape).view()));
        }
}

TEST_CASE("a row of more bytes than a strip has is a strip by itself")
{
    auto const picture = hills({60'000, 3, 4});
    auto const bytes = tiff::write_file(picture.view());
    auto const file = open_by_libtiff(bytes);
    CHECK(field<std::uint32_t>(file.get(), TIFFTAG_ROWSPERSTRIP) == 1);
    CHECK(same_pixels(picture.view(), read_by_libtiff(bytes, picture.shape()).view()));
}

TEST_CASE("a photograph takes fewer bytes by its differences")
{
    auto const picture = hills({600, 400, 3});
    CHECK(tiff::write_file(picture.view()).size() < picture.bytes().size() * 2 / 3);
}

TEST_CASE("a crop is written without what lies around it")
{
    auto const picture = noise({90, 80, 3});
    auto const crop = picture.view().crop({11, 7, 33, 44});
    CHECK(same_pixels(crop, read_by_libtiff(tiff::write_file(crop), crop.shape).view()));
}

TEST_CASE("further fields stand behind the others, long ones and short ones")
{
    std::array const scale{0.05, 0.05, 0.0};
    std::array<std::uint16_t, 4> const keys{1, 1, 0, 0};
    std::array const fields{tiff::Field::of(33550, scale), tiff::Field::of(34735, keys),
                            tiff::Field::of(42112, std::string_view{"odd", 4}), // three letters and their NUL
                            tiff::Field::of(42113, std::string_view{"-99999", 7})};
    auto const picture = noise({40, 30, 1, SampleType::float32});
    auto const bytes = tiff::write_file(picture.view(), fields);
    CHECK(same_pixels(picture.view(), read_by_libtiff(bytes, picture.shape()).view()));

    auto const tags = read_le<std::uint16_t>(bytes, 8);
    std::uint16_t last = 0;
    for (std::size_t i = 0; i < tags; ++i) {
        auto const at = 10 + 12 * i;
        auto const tag = read_le<std::uint16_t>(bytes, at);
        CHECK(tag > last);
        last = tag;
        auto const place = read_le<std::uint32_t>(bytes, at + 8);
        if (tag == 33550) {
            CHECK(read_le<std::uint32_t>(bytes, at + 4) == 3);
            CHECK(place % 2 == 0);
            CHECK(read_le<double>(bytes, place) == 0.05);
        }
        if (tag == 34735)
            CHECK(read_le<std::uint16_t>(bytes, place + 2) == 1);
        if (tag == 42112)
            CHECK(as_text(ByteView{bytes}.subspan(at + 8, 3)) == "odd");
        if (tag == 42113)
            CHECK(as_text(ByteView{bytes}.subspan(place, 6)) == "-99999");
    }
    CHECK(last == 42113);
}

TEST_CASE("a second or fourth channel is alpha in pictures, and a value like the others among values")
{
    for (auto const& shape : all_shapes(16, 16)) {
        INFO(name_of(shape));
        auto const bytes = tiff::write_file(noise(shape).view());
        auto const file = open_by_libtiff(bytes);
        std::uint16_t count = 0, *kinds = nullptr;
        TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
        REQUIRE(count == (shape.channels % 2 == 0 ? 1 : 0));
        if (count == 1)
            CHECK(kinds[0] ==
                  (shape.type == SampleType::uint8 ? EXTRASAMPLE_UNASSALPHA : EXTRASAMPLE_UNSPECIFIED));
    }
}

TEST_CASE("what is no picture is not written")
{
    CHECK_THROWS_AS(tiff::write_file(RasterView{{0, 5, 1}, nullptr, 0}), Failure);
    CHECK_THROWS_AS(tiff::write_file(RasterView{{5, 5, 5}, nullptr, 0}), Failure);
    CHECK_THROWS_AS(tiff::write_file(RasterView{{65'501, 1, 1}, nullptr, 0}), Failure);
}
