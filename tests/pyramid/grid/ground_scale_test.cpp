// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/ground_scale.hpp"

#include <catch2/catch.hpp>

#include <geodesic.h>
#include <proj.h>

#include <cmath>
#include <memory>
#include <string>

using namespace ardoise;

namespace {

struct ProjDestroyer {
    void operator()(PJ* operation) const { proj_destroy(operation); }
    void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};

/// PROJ's way from longitude and latitude in degrees to the system, and what it says of lengths there.
class Reference {
public:
    explicit Reference(std::string const& code)
        : context_{proj_context_create()}, way_{proj_create_crs_to_crs(context_.get(), "OGC:CRS84",
                                                                       code.c_str(), nullptr)}
    {
        way_.reset(proj_normalize_for_visualization(context_.get(), way_.get()));
        geod_init(&earth_, 6378137, 1 / 298.257223563);
    }

    double northing(double latitude) const
    {
        return proj_trans(way_.get(), PJ_FWD, proj_coord(2, latitude, 0, 0)).xy.y;
    }

    /// Metres along the ground (Karney 2013) from half a step before a place to half a step behind it, for a
    /// unit of the system.
    GroundScale measured(double latitude) const
    {
        auto const here = proj_trans(way_.get(), PJ_FWD, proj_coord(2, latitude, 0, 0)).xy;
        double const half = 1e-7 * (std::abs(here.x) + 1);
        return {distance({here.x - half, here.y}, {here.x + half, here.y}) / (2 * half),
                distance({here.x, here.y - half}, {here.x, here.y + half}) / (2 * half)};
    }

private:
    double distance(PJ_XY a, PJ_XY b) const
    {
        auto const from = proj_trans(way_.get(), PJ_INV, proj_coord(a.x, a.y, 0, 0)).lp,
                   to = proj_trans(way_.get(), PJ_INV, proj_coord(b.x, b.y, 0, 0)).lp;
        double metres = 0;
        geod_inverse(&earth_, from.phi, from.lam, to.phi, to.lam, &metres, nullptr, nullptr);
        return metres;
    }

    std::unique_ptr<PJ_CONTEXT, ProjDestroyer> context_;
    std::unique_ptr<PJ, ProjDestroyer> way_;
    geod_geodesic earth_{};
};

} // namespace

TEST_CASE("a unit is as long as a geodesic on the ellipsoid, in degrees and in either Mercator projection")
{
    for (std::string const code : {"EPSG:4326", "EPSG:3857", "ESRI:102100", "EPSG:3395"}) {
        Reference const reference{code};
        auto const crs = Crs::from_definition(code);
        for (double const latitude : {-80.0, -45.0, 0.0, 20.0, 47.5, 60.0, 84.0}) {
            INFO(code << " at " << latitude);
            auto const expected = reference.measured(latitude);
            auto const scale = ground_scale(crs, reference.northing(latitude));
            CHECK(scale.east == Approx(expected.east).epsilon(1e-6));
            CHECK(scale.north == Approx(expected.north).epsilon(1e-6));
        }
    }
}

TEST_CASE("the ellipsoidal Mercator projection has the scale that PROJ says of it")
{
    std::unique_ptr<PJ_CONTEXT, ProjDestroyer> const context{proj_context_create()};
    std::unique_ptr<PJ, ProjDestroyer> const mercator{proj_create(context.get(), "+proj=merc +ellps=WGS84")};
    auto const crs = Crs::from_definition("EPSG:3395");
    for (double const latitude : {0.0, 30.0, 47.5, 70.0}) {
        auto const place = proj_coord(0, proj_torad(latitude), 0, 0);
        auto const factors = proj_factors(mercator.get(), place);
        auto const scale = ground_scale(crs, proj_trans(mercator.get(), PJ_FWD, place).xy.y);
        CHECK(scale.east == Approx(1 / factors.parallel_scale).epsilon(1e-7));
        CHECK(scale.north == Approx(1 / factors.meridional_scale).epsilon(1e-7));
    }
}

TEST_CASE("grads are shorter than degrees, and feet are feet")
{
    auto const degrees = ground_scale(Crs::from_definition("EPSG:4326"), 45),
               grads = ground_scale(Crs::from_definition("EPSG:4807"), 50);
    CHECK(grads.east == Approx(0.9 * degrees.east).epsilon(1e-9));
    CHECK(grads.north == Approx(0.9 * degrees.north).epsilon(1e-9));
    auto const texas = ground_scale(Crs::from_definition("EPSG:2277"), 10'000'000);
    CHECK(texas.east == Approx(1200.0 / 3937));
    CHECK(texas.north == Approx(1200.0 / 3937));
}

TEST_CASE("near the poles a step to the east has a length still")
{
    CHECK(ground_scale(Crs::from_definition("EPSG:4326"), 90).east > 100);
    CHECK(ground_scale(Crs::from_definition("EPSG:3395"), 1e9).east > 0);
}
