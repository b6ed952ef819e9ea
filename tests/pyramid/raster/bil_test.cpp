// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/bil.hpp"
#include "tests/pyramid/raster/paint.hpp"

using namespace ardoise;
using namespace ardoise::test;

TEST_CASE("BIL holds each row's first channel, then its second one, and so on")
{
    for (auto const& shape : all_shapes(7, 3)) {
        INFO(name_of(shape));
        auto const values = noise(shape);
        auto const bytes = bil::encode(values.view());
        REQUIRE(bytes.size() == shape.bytes());
        auto const sample_size = bytes_per_sample(shape.type);
        std::size_t at = 0;
        for (std::int32_t y = 0; y < shape.height; ++y)
            for (std::int32_t channel = 0; channel < shape.channels; ++channel)
                for (std::int32_t x = 0; x < shape.width; ++x, at += sample_size) {
                    auto const* const sample =
                        values.row<std::byte>(y) +
                        static_cast<std::size_t>(x * shape.channels + channel) * sample_size;
                    REQUIRE(std::equal(sample, sample + sample_size, bytes.data() + at));
                }
    }
}

TEST_CASE("BIL of a crop has nothing of what lies around it")
{
    auto const values = noise({9, 9, 1, SampleType::uint16});
    auto const crop = values.view().crop({2, 3, 4, 5});
    auto const bytes = bil::encode(crop);
    REQUIRE(bytes.size() == 4 * 5 * 2);
    CHECK(read_le<std::uint16_t>(bytes, 2 * (4 * 4 + 3)) == crop.row<std::uint16_t>(4)[3]);
}
