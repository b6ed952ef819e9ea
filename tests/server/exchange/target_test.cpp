// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/request.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("a target is split into a decoded path and its query")
{
    struct Row {
        std::string_view target, path, key, value;
    };
    std::vector<Row> const table{
        {"/", "/", "", ""},
        {"/wmts?SERVICE=WMTS", "/wmts", "service", "WMTS"},
        {"/wmts?", "/wmts", "", ""},
        {"/wmts?a=b?c", "/wmts", "a", "b?c"},
        {"/a%2Fb", "/a/b", "", ""},
        {"/a%3Fb?c=d", "/a?b", "c", "d"},
        {"/a%20b", "/a b", "", ""},
        {"/a+b?c=d+e", "/a+b", "c", "d e"},
        {"/%c3%a9t%C3%A9", "/\u00e9t\u00e9", "", ""},
        {"/a/../b/./c", "/a/../b/./c", "", ""},
        {"/%2e%2e/b", "/../b", "", ""},
        {"//a//b", "//a//b", "", ""},
        {"/xyz/ortho/1/2/3@2x.jpg", "/xyz/ortho/1/2/3@2x.jpg", "", ""},
        {"/%2525", "/%25", "", ""},
        {"http://example.org/wms?a=b", "/wms", "a", "b"},
        {"HTTPS://example.org:8080/wms?a=b", "/wms", "a", "b"},
        {"http://example.org", "/", "", ""},
        {"http://example.org?a=b", "/", "a", "b"},
        {"http://", "/", "", ""},
        {"?a=b", "/", "a", "b"},
    };
    for (auto const& row : table) {
        INFO(row.target);
        auto const parsed = parse_target(row.target);
        REQUIRE(parsed);
        CHECK(parsed->first == row.path);
        if (row.key.empty())
            CHECK(parsed->second.empty());
        else
            CHECK(parsed->second.find(row.key) == row.value);
    }
}

TEST_CASE("a malformed target is refused")
{
    for (std::string_view const target :
         {"", "*", "wmts", "example.org:443", "ftp://example.org/", "/%", "/%4", "/%zz", "/a%", "/%00",
          "/%C0%AF", "/%C0%AE%C0%AE/", "/%ED%A0%80", "/\xff", "/ok?a=%", "/ok?%C3", "/ok?a=%00", "%2Fa"}) {
        INFO(target);
        CHECK_FALSE(parse_target(target));
    }
    CHECK_FALSE(parse_target(std::string_view{"/a\0b", 4}));
}

TEST_CASE("a request takes one target after the other")
{
    Request request;
    REQUIRE(assign_target(request, "/a/long/enough/path/to/need/memory?key=value"));
    REQUIRE(assign_target(request, "/b"));
    CHECK(request.path == "/b");
    CHECK(request.query.empty());
    CHECK_FALSE(assign_target(request, "/%"));
}
