// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/crs.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/grid/proj_objects.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <numbers>

namespace ardoise {

namespace {

constexpr double metres_per_degree = 6378137.0 * std::numbers::pi / 180;

/// Names under which the same thing is asked for, as PROJ and we call it.
std::string canonical(std::string_view definition)
{
    static std::map<std::string, std::string, std::less<>> const other_names{
        {"CRS:84", "OGC:CRS84"},
        {"CRS84", "OGC:CRS84"},
        {"urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"},
        {"urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84"},
        {"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"},
        {"http://www.opengis.net/def/crs/OGC/0/CRS84", "OGC:CRS84"},
        {"EPSG:900913", "EPSG:3857"},
        {"IGNF:WGS84G", "OGC:CRS84"},
    };
    if (auto const found = other_names.find(definition); found != other_names.end())
        return found->second;
    for (std::string_view const prefix : {"urn:ogc:def:crs:EPSG::", "http://www.opengis.net/def/crs/EPSG/0/"})
        if (definition.starts_with(prefix))
            return fmt::format("EPSG:{}", definition.substr(prefix.size()));
    if (definition.starts_with("urn:ogc:def:crs:EPSG:"))
        return fmt::format("EPSG:{}", definition.substr(definition.rfind(':') + 1));
    return std::string{definition};
}

bool is_geographic(PJ* crs)
{
    auto const type = proj_get_type(crs);
    return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

struct Axis {
    std::string name, direction;
    double unit = 1; // metres, or radians
};

Axis axis_of(PJ* crs, int number)
{
    Axis axis;
    Pj const system{proj_crs_get_coordinate_system(proj_context(), crs)};
    char const* name = nullptr;
    char const* direction = nullptr;
    if (system && proj_cs_get_axis_info(proj_context(), system.get(), number, &name, nullptr, &direction,
                                        &axis.unit, nullptr, nullptr, nullptr)) {
        axis.name = name ? name : "";
        axis.direction = direction ? direction : "";
    }
    return axis;
}

/// Northing before easting. At the poles both axes point the same way, and their names tell them apart.
bool is_northing_first(PJ* crs)
{
    auto const first = axis_of(crs, 0), second = axis_of(crs, 1);
    if (first.direction == second.direction)
        return first.name.starts_with("Northing");
    return first.direction == "north";
}

/// The EPSG code of a definition without one (WKT of a GeoTIFF), where PROJ is sure of it.
std::string identify(PJ* crs)
{
    int* confidences = nullptr;
    std::unique_ptr<PJ_OBJ_LIST, decltype(&proj_list_destroy)> const found{
        proj_identify(proj_context(), crs, "EPSG", nullptr, &confidences), proj_list_destroy};
    std::string code;
    if (found && proj_list_get_count(found.get()) > 0 && confidences[0] >= 90) {
        Pj const best{proj_list_get(proj_context(), found.get(), 0)};
        if (char const* id = proj_get_id_code(best.get(), 0))
            code = fmt::format("EPSG:{}", id);
    }
    proj_int_list_destroy(confidences);
    return code;
}

std::string published_code(PJ* crs)
{
    char const* authority = proj_get_id_auth_name(crs, 0);
    char const* id = proj_get_id_code(crs, 0);
    if (!authority || !id)
        return identify(crs);
    if (std::string_view{authority} == "OGC")
        return std::string_view{id} == "CRS84" ? "CRS:84" : fmt::format("OGC:{}", id);
    return fmt::format("{}:{}", authority, id);
}

/// Whether two definitions mean the same system, the order of geographic axes aside.
bool is_same_place(std::string const& a, std::string const& b)
{
    if (a == b)
        return true;
    auto const first = create_crs(a), second = create_crs(b);
    return proj_is_equivalent_to_with_ctx(proj_context(), first.get(), second.get(),
                                          PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
}

bool is_wgs84(std::string_view code)
{
    return code == "CRS:84" || code == "EPSG:4326";
}

} // namespace

std::shared_ptr<Crs::Description> Crs::describe(std::string const& definition)
{
    auto const crs = create_crs(canonical(definition));
    auto description = std::make_shared<Description>();
    description->code = published_code(crs.get());
    description->name = proj_get_name(crs.get()) ? proj_get_name(crs.get()) : description->code;
    description->geographic = is_geographic(crs.get());
    if (description->code.starts_with("EPSG:"))
        description->epsg = std::atoi(description->code.c_str() + 5);
    description->definition = description->code.empty() ? definition : canonical(description->code);
    description->northing_first = is_northing_first(crs.get());
    double const unit = axis_of(crs.get(), 0).unit;
    constexpr double radians_per_degree = std::numbers::pi / 180;
    description->metres_per_unit =
        description->geographic ? metres_per_degree * unit / radians_per_degree : unit;

    auto& area = description->area_of_use;
    if (!proj_get_area_of_use(proj_context(), crs.get(), &area.min_x, &area.min_y, &area.max_x, &area.max_y,
                              nullptr) ||
        area.min_x < -180)
        area = {-180, -90, 180, 90};
    if (area.max_x <= area.min_x) // across the antimeridian
        area = {-180, area.min_y, 180, area.max_y};
    return description;
}

Crs Crs::from_definition(std::string const& definition)
{
    // Thousands of dalles carry the same WKT, and PROJ takes milliseconds to recognise it: descriptions are
    // kept for good.
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<Description const>, std::less<>> known;
    {
        std::scoped_lock const lock{mutex};
        if (auto const found = known.find(definition); found != known.end())
            return Crs{found->second};
    }
    auto description = describe(definition);
    std::scoped_lock const lock{mutex};
    auto const same = std::find_if(known.begin(), known.end(), [&](auto const& other) {
        bool const both_wgs84 = is_wgs84(other.second->code) && is_wgs84(description->code);
        return both_wgs84 || is_same_place(other.second->definition, description->definition);
    });
    description->place = same == known.end() ? known.size() : same->second->place;
    return Crs{known.emplace(definition, std::move(description)).first->second};
}

std::string Crs::urn() const
{
    if (code() == "CRS:84")
        return "urn:ogc:def:crs:OGC:1.3:CRS84";
    auto const colon = code().find(':');
    if (colon == std::string::npos)
        return definition();
    return fmt::format("urn:ogc:def:crs:{}::{}", code().substr(0, colon), code().substr(colon + 1));
}

bool same_place(Crs const& a, Crs const& b)
{
    return a.description_->place == b.description_->place;
}

} // namespace ardoise
