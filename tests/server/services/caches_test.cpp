// SPDX-License-Identifier: Apache-2.0
// Caches change how long an answer takes, and nothing else of it.
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <thread>

using namespace ardoise;

namespace {

using Random = std::mt19937;

/// Of whatever compiler: the standard's own distributions differ between libraries.
std::size_t below(std::size_t end, Random& random)
{
    return random() % end;
}

double between(double least, double most, Random& random)
{
    return least + (most - least) * static_cast<double>(random() % 10'000) / 10'000;
}

template <typename Choices>
auto one_of(Choices const& choices, Random& random)
{
    return choices[below(std::size(choices), random)];
}

/// Degrees of west, south, east and north around the painted ground, from small to all of it, squeezed or
/// not.
std::array<double, 4> some_box(Random& random)
{
    double const west = between(5, 65, random), south = between(10, 50, random);
    double const width = std::exp2(between(-4, 6, random)), height = width * between(0.3, 1.5, random);
    return {west, south, west + width, std::min(south + height, 80.0)};
}

std::string in_mercator(std::array<double, 4> const& box)
{
    auto const northing = [](double latitude) {
        return 6378137 * std::log(std::tan((90 + latitude) * std::acos(-1) / 360));
    };
    double const metres = 20037508.342789244 / 180;
    return fmt::format("EPSG:3857&BBOX={},{},{},{}", box[0] * metres, northing(box[1]), box[2] * metres,
                       northing(box[3]));
}

std::string some_ground(Random& random)
{
    auto const box = some_box(random);
    switch (below(4, random)) {
    case 0:
        return fmt::format("CRS:84&BBOX={},{},{},{}", box[0], box[1], box[2], box[3]);
    case 1:
        return fmt::format("EPSG:4326&BBOX={},{},{},{}", box[1], box[0], box[3], box[2]);
    default:
        return in_mercator(box);
    }
}

/// A map's parameters, each as it stands in the request.
using Map = std::array<std::string, 5>;

std::string draw_parameter(std::size_t number, Random& random)
{
    constexpr std::array formats{"&FORMAT=image/jpeg", "&FORMAT=image/png", "&FORMAT=image/webp"};
    constexpr std::array backgrounds{"", "&TRANSPARENT=TRUE", "&BGCOLOR=0x00FF7F"};
    constexpr std::array layers{
        "grain&STYLES=",        "city&STYLES=",       "words&STYLES=",      "relief&STYLES=",
        "relief&STYLES=normal", "grey,grain&STYLES=", "grain,city&STYLES=", "relief,grain&STYLES="};
    switch (number) {
    case 0:
        return "&CRS=" + some_ground(random);
    case 1:
        return fmt::format("&WIDTH={}&HEIGHT={}", 1 + below(300, random), 1 + below(200, random));
    case 2:
        return one_of(formats, random);
    case 3:
        return one_of(backgrounds, random);
    default:
        return std::string{"&LAYERS="} + one_of(layers, random);
    }
}

Map some_map(Random& random)
{
    Map map;
    for (std::size_t number = 0; number < map.size(); ++number)
        map[number] = draw_parameter(number, random);
    return map;
}

std::string target_of(Map const& map)
{
    std::string target = "/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0";
    for (auto const& parameter : map)
        target += parameter;
    return target;
}

/// Near the painted ground: stored as it is, drawn, empty, or of a level that the pyramid does not have.
std::string some_tile(Random& random)
{
    constexpr std::array layers{"grain", "city", "relief", "grey"};
    constexpr std::array endings{".jpg", ".png", ".webp", "@2x.jpg", "@2x.png"};
    auto const level = 3 + below(5, random);
    auto const at_level_5 = [&](double tile) { return static_cast<int>(tile * std::exp2(level) / 32); };
    return fmt::format("/xyz/{}/{}/{}/{}{}", one_of(layers, random), level,
                       at_level_5(between(16, 23, random)), at_level_5(between(10, 16, random)),
                       one_of(endings, random));
}

/// The same ones for the same seed: tiles, and maps each with others that differ in one parameter: what a
/// key forgets shows there.
std::vector<std::string> some_targets(std::size_t count, unsigned seed)
{
    Random random{seed};
    std::vector<std::string> targets;
    while (targets.size() < count) {
        targets.push_back(some_tile(random));
        auto const map = some_map(random);
        targets.push_back(target_of(map));
        for (std::size_t number = 0; number < map.size(); ++number) {
            auto other = map;
            other[number] = draw_parameter(number, random);
            targets.push_back(target_of(other));
        }
    }
    return targets;
}

struct Answer {
    int status = 0;
    std::string media_type, etag, body;
    friend bool operator==(Answer const&, Answer const&) = default;
};

Answer answer(test::PaintedSite const& site, std::string const& target)
{
    auto const response = site.get(target);
    return {response.status, std::string{response.media_type}, response.etag, test::text_of(response)};
}

constexpr CacheSizes none{.tile_bytes = 0, .map_bytes = 0};
/// So small that nearly all is let go of before it is asked for again.
constexpr CacheSizes tight{.tile_bytes = 4 << 20, .map_bytes = 256 << 10};
constexpr CacheSizes tiles_alone{.tile_bytes = 256 << 20, .map_bytes = 0};
constexpr CacheSizes all{.tile_bytes = 256 << 20, .map_bytes = 64 << 20};

} // namespace

TEST_CASE("answers are the same bytes with caches and without, cold or warm, large or small")
{
    auto const targets = some_targets(200, 1);
    auto const& site = test::painted_site();
    auto const without = site.with(none);
    test::PaintedSite const with[]{site.with(tight), site.with(tiles_alone), site.with(all)};
    std::vector<Answer> expected;
    for (auto const& target : targets)
        expected.push_back(answer(without, target));
    for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < targets.size(); ++i)
            for (auto const& one : with) {
                INFO(targets[i]);
                REQUIRE(expected[i].status == 200);
                REQUIRE(answer(one, targets[i]) == expected[i]);
            }
}

TEST_CASE("answers are the same bytes when many ask at once, for the same and for other things")
{
    auto const targets = some_targets(80, 2);
    auto const without = test::painted_site().with(none);
    std::vector<Answer> expected;
    for (auto const& target : targets)
        expected.push_back(answer(without, target));
    for (auto const& sizes : {none, tight, all}) {
        auto const site = test::painted_site().with(sizes);
        std::vector<std::vector<std::string>> wrong(6);
        std::vector<std::jthread> clients;
        for (auto& mine : wrong)
            clients.emplace_back([&, seed = static_cast<unsigned>(clients.size())] {
                std::vector<std::size_t> order(targets.size());
                std::iota(order.begin(), order.end(), std::size_t{0});
                // Pairs of clients walk side by side, and meet at each target.
                std::shuffle(order.begin(), order.end(), Random{seed / 2});
                for (auto const i : order)
                    if (answer(site, targets[i]) != expected[i])
                        mine.push_back(targets[i]);
            });
        clients.clear();
        for (auto const& mine : wrong)
            CHECK(mine == std::vector<std::string>{});
    }
}
