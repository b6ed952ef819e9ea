// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/offered_crs.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/log.hpp"

namespace ardoise {

namespace {

/// Web Mercator and degrees: what clients of the web ask for, and what capabilities describe ground in.
constexpr char const* worldwide[] = {"EPSG:3857", "EPSG:4326", "CRS:84"};

/// Areas of use are PROJ's. Its order is the one of capabilities.
constexpr char const* regional[] = {
    // Mainland France: Lambert-93, the legal system, by its usual name and in the later realisations of RGF93
    // (v2, v2b: centimetres away); and its nine conic zones, in which cities deliver.
    "EPSG:2154", "EPSG:9793", "EPSG:9794", "EPSG:3942", "EPSG:3943", "EPSG:3944", "EPSG:3945", "EPSG:3946",
    "EPSG:3947", "EPSG:3948", "EPSG:3949", "EPSG:3950",
    // What archives are in: Lambert II over all of France (NTF; metres away, as its operation says).
    "EPSG:27572",
    // Europe: INSPIRE's equal areas and degrees, and UTM for those who join France with its neighbours.
    "EPSG:3035", "EPSG:4258", "EPSG:25830", "EPSG:25831", "EPSG:25832", "EPSG:32630", "EPSG:32631",
    "EPSG:32632",
    // France overseas, the legal system first: Guadeloupe and Martinique (RGAF09, RRAF 1991), Guiana, Saint
    // Pierre and Miquelon, Mayotte, Reunion, New Caledonia, Polynesia; WGS 84's zones of the same grounds.
    "EPSG:5490", "EPSG:4559", "EPSG:2972", "EPSG:4467", "EPSG:4471", "EPSG:2975", "EPSG:3163", "EPSG:3296",
    "EPSG:3297", "EPSG:3298", "EPSG:32620", "EPSG:32621", "EPSG:32622", "EPSG:32738", "EPSG:32740",
    "EPSG:32758", "EPSG:32705", "EPSG:32706", "EPSG:32707",
    // The legal systems of Switzerland and New Zealand.
    "EPSG:2056", "EPSG:2193"};

} // namespace

std::vector<Crs> known_crs(std::span<char const* const> codes)
{
    std::vector<Crs> known;
    for (auto const* code : codes)
        try {
            known.push_back(Crs::from_definition(code));
        } catch (Failure const& failure) {
            log(LogLevel::info, "system not offered", {{"crs", code}, {"reason", failure.what()}});
        }
    return known;
}

std::vector<Crs> const& worldwide_crs()
{
    static auto const known = known_crs(worldwide);
    return known;
}

std::vector<Crs> const& regional_crs()
{
    static auto const known = known_crs(regional);
    return known;
}

} // namespace ardoise
