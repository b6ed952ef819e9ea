// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/crs.hpp"

#include "pyramid/base/failure.hpp"

#include <proj.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <numbers>
#include <vector>

namespace ardoise {

namespace {

constexpr double metres_per_degree = 6378137.0 * std::numbers::pi / 180;

struct ContextDeleter {
    void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct PjDeleter {
    void operator()(PJ* pj) const { proj_destroy(pj); }
};
using Context = std::unique_ptr<PJ_CONTEXT, ContextDeleter>;
using Pj = std::unique_ptr<PJ, PjDeleter>;

/// PROJ's context of this thread: objects of one context stay on their thread.
PJ_CONTEXT* context()
{
    thread_local Context const own = [] {
        Context made{proj_context_create()};
        proj_log_level(made.get(), PJ_LOG_NONE);
        proj_context_set_enable_network(made.get(), 0);
        return made;
    }();
    return own.get();
}

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

Pj create(std::string const& definition)
{
    Pj made{proj_create(context(), definition.c_str())};
    if (!made || !proj_is_crs(made.get()))
        fail("the coordinate reference system \"{}\" is not known to PROJ; use a code such as EPSG:2154",
             definition.substr(0, 80));
    // The horizontal part of a compound CRS is what maps are drawn in.
    if (proj_get_type(made.get()) == PJ_TYPE_COMPOUND_CRS)
        made.reset(proj_crs_get_sub_crs(context(), made.get(), 0));
    if (proj_get_type(made.get()) == PJ_TYPE_BOUND_CRS)
        made.reset(proj_get_source_crs(context(), made.get()));
    return made;
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
    Pj const system{proj_crs_get_coordinate_system(context(), crs)};
    char const* name = nullptr;
    char const* direction = nullptr;
    if (system && proj_cs_get_axis_info(context(), system.get(), number, &name, nullptr, &direction,
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
        proj_identify(context(), crs, "EPSG", nullptr, &confidences), proj_list_destroy};
    std::string code;
    if (found && proj_list_get_count(found.get()) > 0 && confidences[0] >= 90) {
        Pj const best{proj_list_get(context(), found.get(), 0)};
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
    auto const first = create(a), second = create(b);
    return proj_is_equivalent_to_with_ctx(context(), first.get(), second.get(),
                                          PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
}

bool is_wgs84(std::string_view code)
{
    return code == "CRS:84" || code == "EPSG:4326";
}

} // namespace

std::shared_ptr<Crs::Description> Crs::describe(std::string const& definition)
{
    auto const crs = create(canonical(definition));
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
    if (!proj_get_area_of_use(context(), crs.get(), &area.min_x, &area.min_y, &area.max_x, &area.max_y,
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

struct Transform::Impl {
    Pj pj; // null: both sides are the same place
};

Transform::Transform(Crs const& from, Crs const& to) : impl_{std::make_unique<Impl>()}
{
    if (same_place(from, to))
        return;
    Pj const raw{
        proj_create_crs_to_crs(context(), from.definition().c_str(), to.definition().c_str(), nullptr)};
    if (raw)
        impl_->pj.reset(proj_normalize_for_visualization(context(), raw.get()));
    if (!impl_->pj)
        fail("there is no way from {} to {} known to PROJ", from.code(), to.code());
}

Transform::~Transform() = default;
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;

void Transform::apply(std::span<double> x, std::span<double> y) const
{
    if (!impl_->pj)
        return;
    auto const step = sizeof(double);
    proj_trans_generic(impl_->pj.get(), PJ_FWD, x.data(), step, x.size(), y.data(), step, y.size(), nullptr,
                       0, 0, nullptr, 0, 0);
    proj_errno_reset(impl_->pj.get());
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!std::isfinite(x[i]) || !std::isfinite(y[i]))
            x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
}

namespace {

/// Where the points of a box go that divide its sides into so many steps, row by row.
class PointGrid {
public:
    PointGrid(Transform const& transform, BoundingBox const& box, std::size_t steps) : side_{steps + 1}
    {
        auto const all = static_cast<double>(steps);
        for (std::size_t j = 0; j < side_; ++j)
            for (std::size_t i = 0; i < side_; ++i) {
                x_.push_back(box.min_x + box.width() * static_cast<double>(i) / all);
                y_.push_back(box.min_y + box.height() * static_cast<double>(j) / all);
            }
        transform.apply(x_, y_);
    }

    BoundingBox bounds() const
    {
        BoundingBox image{HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
        for (std::size_t i = 0; i < x_.size(); ++i)
            if (std::isfinite(x_[i]))
                image = {std::min(image.min_x, x_[i]), std::min(image.min_y, y_[i]),
                         std::max(image.max_x, x_[i]), std::max(image.max_y, y_[i])};
        return image.empty() ? BoundingBox{} : image;
    }

    /// Whether each point lies midway between its neighbours, so nearly that no bulge is missing from the
    /// bounds but one of a hundredth of a pixel in 4,000. False where a point has no image.
    bool is_straight() const
    {
        auto const image = bounds();
        double const slack = 1e-5 * std::min(image.width(), image.height());
        for (std::size_t j = 0; j < side_; ++j)
            for (std::size_t i = 1; i + 1 < side_; ++i)
                if (!is_midway(j * side_ + i, 1, slack) || !is_midway(i * side_ + j, side_, slack))
                    return false;
        return true;
    }

private:
    bool is_midway(std::size_t at, std::size_t step, double slack) const
    {
        auto const bend = [&](std::vector<double> const& all) {
            return std::abs(all[at] - (all[at - step] + all[at + step]) / 2);
        };
        return bend(x_) <= slack && bend(y_) <= slack; // false for NaN
    }

    std::size_t side_;
    std::vector<double> x_, y_;
};

} // namespace

BoundingBox Transform::apply(BoundingBox const& box) const
{
    if (!impl_->pj)
        return box;
    // A grid of points rather than the edges alone: the image of a box around a pole bulges inside it. Most
    // boxes are small, and a few points show that nothing bends.
    constexpr std::size_t few = 4, many = 20;
    auto const first_look = PointGrid{*this, box, few};
    return first_look.is_straight() ? first_look.bounds() : PointGrid{*this, box, many}.bounds();
}

Transform const& transform_between(Crs const& from, Crs const& to)
{
    context(); // made before the transforms, so that it outlives them: they use it when they are destroyed
    // Descriptions are kept for good, so their addresses are names.
    thread_local std::map<std::pair<void const*, void const*>, Transform> made;
    std::pair<void const*, void const*> const key{from.description_.get(), to.description_.get()};
    auto found = made.find(key);
    if (found == made.end())
        found = made.emplace(key, Transform{from, to}).first;
    return found->second;
}

} // namespace ardoise
