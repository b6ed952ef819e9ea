// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "styles/style_library.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;

namespace {

/// A folder with a style of a river, and the file that says how high it stands.
class River {
public:
    River() { describe(8); }

    void describe(int highest) const
    {
        write_atomically(folder_ / "maine.json",
                         fmt::format(R"({{"identifier":"water","title":"The river rising",
                             "water":{{"range":[0,{}],"current":{{"file":"maine.txt"}}}},
                             "palette":{{"colours":[{{"value":0,"red":0,"green":0,"blue":9,"alpha":9}}]}}}})",
                                     highest));
    }
    void say(std::string const& text) const { write_atomically(folder_ / "maine.txt", text); }
    void fall_silent() const { std::filesystem::remove(folder_ / "maine.txt"); }
    StyleLibrary read(StyleLibrary const* before = nullptr) const
    {
        return StyleLibrary{{folder_ / "maine.json"}, before};
    }

private:
    test::TemporaryFolder folder_;
};

std::optional<LevelReading> current(StyleLibrary const& styles)
{
    return styles.find("maine")->water->current;
}

} // namespace

TEST_CASE("a file of a gauge that is broken for a moment leaves the level that it said, and its time")
{
    River const river;
    river.say("2026-11-22T06:00:00Z 4.25");
    auto const first = river.read();
    REQUIRE(current(first));
    river.say("2026-11-22T06:1");
    auto const second = river.read(&first);
    river.fall_silent();
    auto const third = river.read(&second);
    for (auto const* styles : {&second, &third}) {
        REQUIRE(current(*styles));
        CHECK(current(*styles)->level == 4.25);
        CHECK(current(*styles)->taken == current(first)->taken);
        REQUIRE(styles->mistakes().size() == 1);
        CHECK(styles->mistakes().front().file.filename() == "maine.txt");
        CHECK_THAT(styles->mistakes().front().reason, Contains("maine.txt"));
        CHECK_FALSE(styles->mistakes().front().leaves_style_out);
    }
    river.say("2026-11-22T06:15:00Z 4.5");
    auto const fourth = river.read(&third);
    CHECK(current(fourth)->level == 4.5);
    CHECK(fourth.mistakes().empty());
}

TEST_CASE("a level is not kept for a style that is another now, nor where none was read")
{
    River const river;
    CHECK_FALSE(current(river.read()));
    river.say("4.25");
    auto const first = river.read();
    river.fall_silent();
    river.describe(9);
    CHECK_FALSE(current(river.read(&first)));
}
