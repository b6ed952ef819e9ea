// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/mosaics.hpp"
#include "tests/support/source_at.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>

using namespace ardoise;
using test::source_at;

namespace {

/// Sources whose corners lie about as far apart within a pixel as grids may that count as one.
std::vector<Source> nearly_alike(int count, std::mt19937& random)
{
    auto const pick = [&](auto const& list) {
        return list[std::uniform_int_distribution<std::size_t>{0, std::size(list) - 1}(random)];
    };
    static constexpr double fractions[] = {0, 0.0004, 0.0011, 0.0019, 0.4, 0.4009, 0.998, 0.9985, 0.9996};
    static constexpr double sizes[] = {0.5, 0.5 * (1 + 2e-6), 0.5 * (1 + 9e-6), 0.5 * (1 - 2e-5), 0.25};
    std::vector<Source> sources;
    for (int i = 0; i < count; ++i) {
        double const pixel = pick(sizes);
        auto source = source_at((i + pick(fractions)) * pixel, (-i + pick(fractions)) * pixel, pixel);
        source.pixel_height = pick(sizes);
        source.file = std::to_string(1000 + i);
        sources.push_back(std::move(source));
    }
    return sources;
}

/// Files, by the first of the lattices begun so far that takes them in.
std::set<std::vector<std::string>> grouped_one_by_one(std::vector<Source> const& sources)
{
    std::vector<std::pair<Lattice, std::vector<std::string>>> groups;
    for (auto const& source : sources) {
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](auto const& one) { return one.first.holds(source); });
        if (group == groups.end())
            group = groups.insert(groups.end(), {Lattice::of(source), {}});
        group->second.push_back(source.file.string());
    }
    std::set<std::vector<std::string>> files;
    for (auto& group : groups)
        files.insert(std::move(group.second));
    return files;
}

} // namespace

TEST_CASE("a source joins the first grid that takes it in, however many there are")
{
    std::mt19937 random{3};
    for (int round = 0; round < 20; ++round) {
        auto const sources = nearly_alike(150, random);
        std::set<std::vector<std::string>> found;
        for (auto const& mosaic : group_by_grid(sources)) {
            std::vector<std::string> files;
            for (auto const& source : mosaic.sources())
                files.push_back(source.file.string());
            found.insert(std::move(files));
        }
        REQUIRE(found.size() > 10);
        CHECK(found == grouped_one_by_one(sources));
    }
}

TEST_CASE("a canvas finds all grids that its warp may see, in their order, and few others")
{
    std::mt19937 random{11};
    auto const number = [&](double lowest, double highest) {
        return std::uniform_real_distribution<double>{lowest, highest}(random);
    };
    auto const lambert = Crs::from_definition("EPSG:2154"), mercator = Crs::from_definition("EPSG:3857");
    std::vector<Source> sources;
    for (int i = 0; i < 400; ++i) {
        double const pixel = i % 3 == 0 ? 0.05 : i % 3 == 1 ? 0.2 : 3;
        auto source = source_at(430000 + number(0, 3000), 6712000 - number(0, 3000), pixel, 40);
        if (i % 5 == 0) {
            auto const there = transform_between(lambert, mercator).apply(source.extent());
            source.crs = mercator;
            source.left = there.min_x, source.top = there.max_y;
            source.pixel_height = 1.5 * pixel;
        }
        source.file = std::to_string(1000 + i);
        sources.push_back(std::move(source));
    }
    Mosaics const mosaics{group_by_grid(sources)};
    REQUIRE(mosaics.size() > 390);
    std::size_t named = 0, needed = 0;
    for (int i = 0; i < 800; ++i) {
        double const left = 430000 + number(0, 3000), top = 6712000 - number(0, 3000), cell = number(0.05, 2);
        BoundingBox const canvas{left, top - 64 * cell, left + 64 * cell, top};
        std::vector<Mosaic const*> near;
        for (auto const& [mosaic, ground] : mosaics.near(canvas, lambert, 64 * 64)) {
            CHECK(ground == transform_between(lambert, mosaic.crs()).apply(canvas));
            near.push_back(&mosaic);
        }
        CHECK(std::is_sorted(near.begin(), near.end()));
        for (auto const& mosaic : mosaics.all()) {
            auto const ground = transform_between(lambert, mosaic.crs()).apply(canvas);
            // Lanczos sees three pixels around, of its own or of the source's.
            double const reach = 3 * std::max({cell, mosaic.pixel_width(), mosaic.pixel_height()});
            BoundingBox const seen{ground.min_x - reach, ground.min_y - reach, ground.max_x + reach,
                                   ground.max_y + reach};
            if (intersect(mosaic.sources().front().extent(), seen).empty())
                continue;
            ++needed;
            REQUIRE(std::find(near.begin(), near.end(), &mosaic) != near.end());
        }
        named += near.size();
    }
    CHECK(needed > 400);
    CHECK(named < 3 * needed);
}
