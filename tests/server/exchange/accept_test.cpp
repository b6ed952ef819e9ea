// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/accept.hpp"

#include <catch2/catch.hpp>

#include <string>

using ardoise::accepts_any;
using ardoise::most_welcome;

TEST_CASE("an Accept header leaves room for a type, or does not")
{
    constexpr std::string_view types[] = {"application/xml", "text/xml"};
    for (std::string_view const accept :
         {"", " ", ",", "*/*", "*", "text/*", "application/xml", "TEXT/XML", "text/xml;q=0.5",
          "example/unknown, */*;q=0.1", "text/html,application/xhtml+xml,application/xml;q=0.9",
          "  text/xml  ", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}) {
        INFO(accept);
        CHECK(accepts_any(accept, types));
    }
    for (std::string_view const accept : {"example/unknown", "text", "text/", "text/xm", "text/xmlx", "xml",
                                          "application/json, image/*", "/*", "example/unknown;q=1, x"}) {
        INFO(accept);
        CHECK_FALSE(accepts_any(accept, types));
    }
}

TEST_CASE("of several types the most welcome one is that of the highest weight, of equals the first")
{
    constexpr std::string_view types[] = {"image/jpeg", "image/png", "image/webp"};
    struct {
        std::string_view accept;
        int place; // -1: none
    } const rows[] = {{"", 0},
                      {" , ", 0},
                      {"*/*", 0},
                      {"image/*", 0},
                      {"image/png", 1},
                      {"IMAGE/PNG;Q=0.1", 1},
                      {"image/jpeg;q=0.5, image/png;q=0.6, image/webp;q=0.55", 1},
                      {"image/webp, */*;q=0.9", 2},
                      {"image/*, image/jpeg;q=0.2", 1},
                      {"image/jpeg;q=0, */*;q=0.1", 1},
                      {"image/jpeg;q=2, image/webp; q=0.3", 2},
                      {"image/png;level=1;q=0.2, image/webp;q=0.1", 1},
                      {"*/*;q=0", -1},
                      {"text/html", -1},
                      {"image/gif;q=1, image", -1}};
    for (auto const& [accept, place] : rows) {
        INFO(accept);
        auto const found = most_welcome(accept, types);
        CHECK((found ? static_cast<int>(*found) : -1) == place);
    }
}
