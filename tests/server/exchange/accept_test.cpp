// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/accept.hpp"

#include <catch2/catch.hpp>

#include <string>

using ardoise::accepts_any;

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
