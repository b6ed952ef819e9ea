// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/city.hpp"

#include "pyramid/build/sample/paint.hpp"
#include "pyramid/build/sample/site.hpp"

namespace ardoise::sample {

namespace {

/// A box of the plan around a box of the ground; its sides may bend between the corners.
Box on_the_plan(Landscape const& land, Box ground)
{
    Polygon const sides = densified(
        {{ground.x0, ground.y0}, {ground.x1, ground.y0}, {ground.x1, ground.y1}, {ground.x0, ground.y1}}, 10);
    Polygon plan;
    for (Point const p : sides)
        plan.push_back(land.to_plan(p));
    return grown(box_of(plan), 3);
}

} // namespace

Scene City::scene(Box ground, int year) const
{
    Box const around = grown(ground, reach_of_things);
    Scene scene{around};
    Light const seen = light(year);
    Site const site{&land_, &seen, &scene, year};
    Box const plan = on_the_plan(land_, around);
    StreetPlan const streets{land_};
    auto const cells = streets.cells(plan);
    build_river(site, plan.y0 - 12, plan.y1 + 12);
    for (int j = cells.j0; j < cells.j1; ++j)
        for (int i = cells.i0; i < cells.i1; ++i) {
            Quarter const quarter = streets.quarter(i, j);
            for (auto const& street : quarter.streets)
                build_street(site, street);
            for (auto const& roundabout : quarter.roundabouts)
                build_roundabout(site, roundabout);
            for (auto const& block : quarter.blocks)
                if (overlap(grown(sample::box_of(block.outline), 45), plan))
                    build_block(site, block);
        }
    scene.sort();
    return scene;
}

} // namespace ardoise::sample
