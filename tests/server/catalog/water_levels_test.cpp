// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/water_levels.hpp"
#include "styles/level_reading.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using namespace std::chrono_literals;
using Catch::Contains;
using test::failure_text;

namespace {

using Clock = std::chrono::system_clock;

Clock::time_point const noon{std::chrono::seconds{1'768'000'000}};

WaterScale maine()
{
    WaterScale scale;
    scale.gauge = "Maine";
    scale.zero = 13.2;
    scale.above_zero = true;
    scale.highest = 8;
    scale.usual = 2;
    scale.named = {{"1995 flood", 6.66}};
    return scale;
}

WaterScale maine_today(double level, Clock::time_point taken)
{
    auto scale = maine();
    scale.current_file = "maine.txt";
    scale.current_hours = 6;
    scale.current = LevelReading{level, taken};
    return scale;
}

std::shared_ptr<WaterLevels const> levels_on(WaterScale scale)
{
    LayerStyle style{};
    style.definition = "water";
    style.treatment = WaterSurface{scale.height_of(scale.usual)};
    style.water = std::move(scale);
    return make_water_levels(style);
}

/// The height of the water, how it was come by, and whether for a while; or what is wrong.
std::string shown(WaterLevels const& levels, std::string_view wanted, Clock::time_point now = noon)
{
    auto const chosen = choose_level(levels, wanted, now);
    if (!chosen)
        return chosen.error().code + " " + chosen.error().locator + ": " + chosen.error().text;
    char const* const ways[] = {"asked", "default", "nearest"};
    return fmt::format("{} at {:.2f}{}", ways[static_cast<int>(chosen->choosing)],
                       std::get<WaterSurface>(chosen->style->treatment).height,
                       chosen->style->is_passing ? " for a while" : "");
}

} // namespace

TEST_CASE("a level is a number, of which the nearest is shown, or a name")
{
    auto const levels = levels_on(maine());
    CHECK(shown(*levels, "3.4") == "asked at 16.60");
    CHECK(shown(*levels, "+3.40") == "asked at 16.60");
    CHECK(shown(*levels, "3.43") == "nearest at 16.60");
    CHECK(shown(*levels, "6.66") == "asked at 19.86");
    CHECK(shown(*levels, "6.65") == "nearest at 19.86");
    CHECK(shown(*levels, "1995 FLOOD") == "asked at 19.86");
    CHECK(shown(*levels, "") == "default at 15.20");
    CHECK(shown(*levels, "Default") == "default at 15.20");
}

TEST_CASE("anything else is no level, and the text says what there is")
{
    auto const levels = levels_on(maine());
    for (auto const* wanted :
         {"8.1", "-0.01", "x", "nan", "1e400", "3,4", "0/8/0.1", "1996 flood", "current"})
        CHECK_THAT(shown(*levels, wanted), Catch::StartsWith("InvalidDimensionValue water_level: "));
    CHECK_THAT(shown(*levels, "9"), Contains("there are 0 to 8 metres, 1995 flood."));
}

TEST_CASE("each level is a style of its own to caches, and the same one is the same")
{
    auto const levels = levels_on(maine());
    auto const definition = [&](std::string_view wanted) {
        return choose_level(*levels, wanted, noon)->style->definition;
    };
    CHECK(definition("3.4") != definition("3.5"));
    CHECK(definition("6.66") == definition("1995 flood"));
    CHECK(definition("") == definition("2"));
}

TEST_CASE("the level of today is the default, for a while, until it is too old")
{
    auto const levels = levels_on(maine_today(4.27, noon - 1h));
    CHECK(shown(*levels, "") == "default at 17.50 for a while");
    CHECK(shown(*levels, "current") == "asked at 17.50 for a while");
    CHECK(shown(*levels, "2") == "asked at 15.20");
    CHECK(default_level(*levels, noon) == 4.3);
    CHECK(shown(*levels, "4.3") == "asked at 17.50"); // what documents state then
    CHECK(shown(*levels, "", noon + 6h) == "default at 15.20 for a while");
    CHECK(shown(*levels, "current", noon + 6h) == "default at 15.20 for a while");
    CHECK(default_level(*levels, noon + 6h) == 2);
}

TEST_CASE("a reading of a time far ahead is no more believed than an old one")
{
    auto const levels = levels_on(maine_today(4.27, noon + 5h));
    CHECK(default_level(*levels, noon) == 4.3);
    CHECK(default_level(*levels, noon - 2h) == 2);
}

TEST_CASE("a river that stands beside the range is shown at its end")
{
    CHECK(shown(*levels_on(maine_today(-1, noon)), "") == "default at 13.20 for a while");
    CHECK(shown(*levels_on(maine_today(9.5, noon)), "") == "default at 21.20 for a while");
}

TEST_CASE("the level of today is the last line of a file, a number alone or behind a time")
{
    test::TemporaryFolder const folder;
    auto const file = folder.path() / "maine.txt";
    auto const read = [&](std::string const& text) {
        write_atomically(file, text);
        return read_level(file, maine());
    };
    CHECK(read("4.25\n").level == 4.25);
    CHECK(read("4.25").taken > Clock::now() - 1h);
    CHECK(read("4.25").taken < Clock::now() + 1h);
    for (auto const* text : {"2026-01-09T23:06:40Z 4.5", "2026-01-09T23:06:40Z;4.5\r\n\n",
                             "2020 1\n2026-01-09T23:06:40Z,\t4.5"}) {
        CHECK(read(text).level == 4.5);
        CHECK(read(text).taken == noon);
    }
    for (auto const* text : {"", "\n", "high", "yesterday 4", "2026-01-09 1 2", "4,25;", "nan", "0001-01-01 4",
                             "9999-12-31T23:59:59Z 4", "2199 4"})
        CHECK_THAT(failure_text([&] { read(text); }), Contains("maine.txt"));
    auto own = maine();
    own.above_zero = false;
    CHECK(read_level((write_atomically(file, "2"), file), own).level == Approx(15.2));
    CHECK_THAT(failure_text([&] { read_level(folder.path() / "gone.txt", maine()); }), Contains("gone.txt"));
}
