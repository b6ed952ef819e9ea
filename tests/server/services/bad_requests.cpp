// SPDX-License-Identifier: Apache-2.0
#include "tests/server/services/bad_requests.hpp"

#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

namespace ardoise::test {

Parameters const get_tile{{"SERVICE", "WMTS"},     {"REQUEST", "GetTile"}, {"VERSION", "1.0.0"},
                          {"LAYER", "city"},       {"STYLE", "normal"},    {"FORMAT", "image/jpeg"},
                          {"TILEMATRIXSET", "PM"}, {"TILEMATRIX", "5"},    {"TILEROW", "12"},
                          {"TILECOL", "18"}};

Parameters const get_map{{"SERVICE", "WMS"},
                         {"REQUEST", "GetMap"},
                         {"VERSION", "1.3.0"},
                         {"LAYERS", "city"},
                         {"STYLES", ""},
                         {"CRS", "EPSG:3857"},
                         {"BBOX", "1000000,5000000,2000000,6000000"},
                         {"WIDTH", "64"},
                         {"HEIGHT", "64"},
                         {"FORMAT", "image/png"}};

Parameters const get_map_111{{"SERVICE", "WMS"},
                             {"REQUEST", "GetMap"},
                             {"VERSION", "1.1.1"},
                             {"LAYERS", "city"},
                             {"STYLES", ""},
                             {"SRS", "EPSG:3857"},
                             {"BBOX", "1000000,5000000,2000000,6000000"},
                             {"WIDTH", "64"},
                             {"HEIGHT", "64"},
                             {"FORMAT", "image/png"}};

std::string const huge(5000, '9');

std::string target(std::string const& path, Parameters const& good, std::string const& change)
{
    bool const remove = change.starts_with('-');
    auto const key = change.substr(remove ? 1 : 0, change.find('=') - (remove ? 1 : 0));
    std::string query;
    bool replaced = false;
    for (auto const& [name, value] : good) {
        if (name != key)
            query += fmt::format("&{}={}", name, value);
        else if (!remove)
            query += "&" + change, replaced = true;
    }
    if (!remove && !replaced && !change.empty())
        query += "&" + change;
    return path + "?" + query.substr(std::min<std::size_t>(1, query.size()));
}

void check_all(std::string const& path, Parameters const& good, std::vector<Mistake> const& mistakes,
               char const* media_type, char const* root)
{
    auto const& site = painted_site();
    CHECK(site.get(target(path, good, "")).status == 200);
    for (auto const& mistake : mistakes) {
        auto const asked = target(path, good, mistake.change);
        INFO(asked);
        auto const response = site.get(asked);
        auto const text = text_of(response);
        CHECK(response.status >= 400);
        CHECK(response.status < 502);
        CHECK(response.status != 500);
        CHECK(response.media_type == media_type);
        CHECK_THAT(text, Catch::Contains(root));
        CHECK_THAT(text, Catch::Contains(fmt::format("\"{}\"", mistake.code)));
        if (*mistake.locator != '\0')
            CHECK_THAT(text, Catch::Contains(fmt::format("locator=\"{}\"", mistake.locator)));
        CHECK(response.etag.empty());
    }
}

} // namespace ardoise::test
