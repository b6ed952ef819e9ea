// SPDX-License-Identifier: Apache-2.0
#include "server/services/parameters.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace ardoise;

TEST_CASE("a text is split into just so many pieces, or not at all")
{
    using Three = std::array<std::string_view, 3>;
    CHECK(split_exactly<3>("a/b/c", '/') == Three{"a", "b", "c"});
    CHECK(split_exactly<3>("//", '/') == Three{"", "", ""});
    CHECK(split_exactly<3>("a/b/", '/') == Three{"a", "b", ""});
    CHECK_FALSE(split_exactly<3>("a/b", '/'));
    CHECK_FALSE(split_exactly<3>("a/b/c/", '/'));
    CHECK_FALSE(split_exactly<3>("", '/'));
    CHECK(split_exactly<1>("", '/') == std::array<std::string_view, 1>{""});
}

TEST_CASE("pieces are counted, and cut off one after the other")
{
    struct {
        std::string_view text;
        std::vector<std::string_view> pieces;
    } const rows[] = {
        {"", {""}},          {",", {"", ""}},         {"a", {"a"}}, {"a,", {"a", ""}}, {",a", {"", "a"}},
        {"a,b", {"a", "b"}}, {"a,,b", {"a", "", "b"}}};
    for (auto const& [text, pieces] : rows) {
        INFO(text);
        CHECK(count_pieces(text, ',') == pieces.size());
        auto rest = text;
        for (auto const piece : pieces)
            CHECK(cut_piece(rest, ',') == piece);
        CHECK(rest.empty());
        CHECK(cut_piece(rest, ',').empty());
    }
}
