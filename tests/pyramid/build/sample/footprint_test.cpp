// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/footprint.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace ardoise::sample;

namespace {

Window whole_of(int columns, int rows, int side)
{
    return {-columns / 2 * side, -rows / 2 * side, columns * side, rows * side};
}

} // namespace

TEST_CASE("a footprint's edge is irregular and leaves out corners")
{
    int const side = 100;
    Window const whole = whole_of(8, 8, side);
    Footprint const footprint{1, whole, side};
    auto const mask = footprint.mask(whole);
    std::set<std::ptrdiff_t> starts;
    for (int y = 200; y < 600; ++y) {
        auto const row = mask.begin() + static_cast<std::ptrdiff_t>(y) * whole.width;
        starts.insert(std::find(row, row + whole.width, 255) - row);
    }
    CHECK(starts.size() > 10);
    auto const covered =
        static_cast<double>(std::count(mask.begin(), mask.end(), 255)) / static_cast<double>(mask.size());
    CHECK(covered > 0.7);
    CHECK(covered < 0.95);
    for (std::size_t const corner : {std::size_t{0}, mask.size() - 1})
        CHECK(mask[corner] == 0);
}

TEST_CASE("coverage, mask and contains() tell the same story in every dalle")
{
    for (auto const& [columns, rows] : {std::pair{8, 8}, {1, 1}, {5, 2}, {12, 9}}) {
        int const side = 60;
        Window const whole = whole_of(columns, rows, side);
        Footprint const footprint{3, whole, side};
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < columns; ++column) {
                Window const dalle{whole.x + column * side, whole.y + row * side, side, side};
                auto const mask = footprint.mask(dalle);
                auto const inside = std::count(mask.begin(), mask.end(), 255);
                auto const expected = inside == 0             ? Coverage::none
                                      : inside == side * side ? Coverage::full
                                                              : Coverage::partial;
                CHECK(footprint.coverage(dalle) == expected);
                for (int i = 0; i < side * side; i += 37)
                    CHECK(footprint.contains({dalle.x + i % side + 0.5, dalle.y + i / side + 0.5}) ==
                          (mask[static_cast<std::size_t>(i)] == 255));
            }
    }
}
