// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/landscape.hpp"

#include "pyramid/build/sample/noise.hpp"

#include <algorithm>
#include <numbers>

namespace ardoise::sample {

namespace {

constexpr double town_spacing = 2600;

/// How deep `plan` lies in the town of one cell of the lattice of towns; the heart's is cell (0, 0).
double depth_in_town(std::uint64_t seed, int i, int j, Point plan)
{
    Dice dice{hash_of(seed, 0x7047, i, j)};
    Point centre{(i + dice.between(-0.3, 0.3)) * town_spacing, (j + dice.between(-0.3, 0.3)) * town_spacing};
    double radius = dice.between(450, 950);
    if (i == 0 && j == 0) {
        centre = {40, 0};
        radius = 830;
    }
    return 1 - length(plan - centre) / radius;
}

} // namespace

Landscape::Landscape(std::uint64_t seed) : seed_{seed}
{
    Dice dice{hash_of(seed, 0x1A4D)};
    for (double& phase : phases_)
        phase = dice.between(0, 2 * std::numbers::pi);
}

double Landscape::shift_x(double y) const
{
    return 58 * std::sin(y / 330 + phases_[0]) + 11 * std::sin(y / 118 + phases_[1]);
}

double Landscape::shift_y(double u) const
{
    return 38 * std::sin(u / 290 + phases_[2]) + 8 * std::sin(u / 105 + phases_[3]);
}

Point Landscape::to_ground(Point plan) const
{
    double const y = plan.y + shift_y(plan.x);
    return {plan.x + shift_x(y), y};
}

Point Landscape::to_plan(Point ground) const
{
    double const u = ground.x - shift_x(ground.y);
    return {u, ground.y - shift_y(u)};
}

Polygon Landscape::to_ground(Polygon const& plan) const
{
    Polygon ground;
    ground.reserve(plan.size());
    for (Point const p : plan)
        ground.push_back(to_ground(p));
    return ground;
}

double Landscape::river_half_width(double v) const
{
    return 38 + 8 * value_noise(hash_of(seed_, 0x817E), v / 190, 0.5);
}

double Landscape::water_level(double v) const
{
    return 16 + 0.0002 * v;
}

double Landscape::density(Point plan) const
{
    auto const i = static_cast<int>(std::lround(plan.x / town_spacing));
    auto const j = static_cast<int>(std::lround(plan.y / town_spacing));
    double deepest = -1;
    for (int dj = -1; dj <= 1; ++dj)
        for (int di = -1; di <= 1; ++di)
            deepest = std::max(deepest, depth_in_town(seed_, i + di, j + dj, plan));
    return deepest + 0.16 * fractal_noise(hash_of(seed_, 0xDE45), plan.x / 420, plan.y / 420, 2);
}

double Landscape::height(Point ground) const
{
    Point const plan = to_plan(ground);
    double const level = water_level(plan.y);
    double const from_water = std::abs(plan.x - river_middle) - river_half_width(plan.y);
    if (from_water <= 0)
        return level;
    // A quay's wall in town, a slope of grass outside.
    double const bank = 14 - 12.8 * smoothstep(0.2, 0.36, density({river_middle, plan.y}));
    double const hills = 20 + 16 * fractal_noise(hash_of(seed_, 0x4111), ground.x / 900, ground.y / 900, 2);
    double const knolls = 5 * fractal_noise(hash_of(seed_, 0x4113), ground.x / 230, ground.y / 230, 3);
    double const rough = fractal_noise(hash_of(seed_, 0x4112), ground.x / 35, ground.y / 35, 4);
    // The town's side rises soon, the other one is a plain that floods.
    double const rise =
        plan.x > river_middle ? smoothstep(15, 420, from_water) : smoothstep(90, 900, from_water);
    return level + 0.4 + 3.2 * smoothstep(0, bank, from_water) + (hills + knolls) * rise +
           0.4 * rough * smoothstep(20, 60, from_water);
}

} // namespace ardoise::sample
