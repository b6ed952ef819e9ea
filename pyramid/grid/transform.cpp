// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/grid/crs.hpp"
#include "pyramid/grid/proj_objects.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <list>
#include <map>

namespace ardoise {

struct Transform::Impl {
    Pj pj; // null: both sides are the same place

    /// PROJ keeps several operations without a type of their own.
    bool is_one_operation() const { return proj_get_type(pj.get()) != PJ_TYPE_UNKNOWN; }
};

Transform::Transform(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Transform::Transform(Crs const& from, Crs const& to) : impl_{std::make_unique<Impl>()}
{
    if (same_place(from, to))
        return;
    Pj const raw{
        proj_create_crs_to_crs(proj_context(), from.definition().c_str(), to.definition().c_str(), nullptr)};
    if (raw)
        impl_->pj.reset(proj_normalize_for_visualization(proj_context(), raw.get()));
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

std::optional<Operation> Transform::operation() const
{
    if (!impl_->pj || !impl_->is_one_operation())
        return std::nullopt;
    auto const accuracy = proj_coordoperation_get_accuracy(proj_context(), impl_->pj.get());
    return Operation{
        .name = proj_pj_info(impl_->pj.get()).description,
        .accuracy = accuracy < 0 ? std::nullopt : std::optional{accuracy},
        .is_ballpark = proj_coordoperation_has_ballpark_transformation(proj_context(), impl_->pj.get()) != 0};
}

/// All transforms that a thread has made between two systems.
class TransformsOfThread {
public:
    static TransformsOfThread& between(Crs const& from, Crs const& to)
    {
        // Made before the transforms, so that it outlives them: they use it when they are destroyed.
        proj_context();
        // Descriptions are kept for good, so their addresses are names.
        thread_local std::map<std::pair<void const*, void const*>, TransformsOfThread> made;
        std::pair<void const*, void const*> const key{from.description_.get(), to.description_.get()};
        auto found = made.find(key);
        if (found == made.end())
            found = made.emplace(key, TransformsOfThread{from, to}).first;
        return found->second;
    }

    Transform const& usual() const { return usual_; }

    Transform const& at(Place place)
    {
        if (!usual_.impl_->pj || usual_.impl_->is_one_operation())
            return usual_;
        auto found = chosen_.find(place);
        if (found == chosen_.end())
            found = chosen_.emplace(place, &choose(place)).first;
        return *found->second;
    }

private:
    TransformsOfThread(Crs const& from, Crs const& to) : from_{from}, usual_{from, to} {}

    Transform const& choose(Place place)
    {
        static auto const degrees = Crs::from_definition("CRS:84");
        auto [x, y] = place;
        transform_between(degrees, from_).apply({&x, 1}, {&y, 1});
        usual_.apply({&x, 1}, {&y, 1});
        return std::isfinite(x) ? last_used() : usual_;
    }

    /// Places are many, operations few, and copies of them dear.
    Transform const& last_used()
    {
        auto* const usual = usual_.impl_->pj.get();
        std::string_view const name = proj_pj_info(usual).description;
        auto const same = std::find_if(single_.begin(), single_.end(), [&](Transform const& known) {
            return proj_pj_info(known.impl_->pj.get()).description == name;
        });
        if (same != single_.end())
            return *same;
        auto impl = std::make_unique<Transform::Impl>();
        impl->pj.reset(proj_trans_get_last_used_operation(usual));
        return impl->pj ? single_.emplace_back(Transform{std::move(impl)}) : usual_;
    }

    Crs from_;
    Transform usual_;
    std::list<Transform> single_; // each by one operation
    std::map<Place, Transform const*> chosen_;
};

Transform const& transform_between(Crs const& from, Crs const& to)
{
    return TransformsOfThread::between(from, to).usual();
}

Transform const& transform_between(Crs const& from, Crs const& to, Place place)
{
    return TransformsOfThread::between(from, to).at(place);
}

namespace {

struct FactoryDeleter {
    void operator()(PJ_OPERATION_FACTORY_CONTEXT* factory) const
    {
        proj_operation_factory_context_destroy(factory);
    }
};

/// The operation that PROJ would take around a place if all files of all authorities were there; or null.
Pj best_operation(Crs const& from, Crs const& to, Place place)
{
    std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, FactoryDeleter> const factory{
        proj_create_operation_factory_context(proj_context(), nullptr)};
    auto const [longitude, latitude] = place;
    constexpr double around = 0.01;
    proj_operation_factory_context_set_area_of_interest(proj_context(), factory.get(), longitude - around,
                                                        latitude - around, longitude + around,
                                                        latitude + around);
    proj_operation_factory_context_set_spatial_criterion(proj_context(), factory.get(),
                                                         PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    proj_operation_factory_context_set_grid_availability_use(proj_context(), factory.get(),
                                                             PROJ_GRID_AVAILABILITY_IGNORED);
    auto const first = create_crs(from.definition()), second = create_crs(to.definition());
    std::unique_ptr<PJ_OBJ_LIST, decltype(&proj_list_destroy)> const found{
        proj_create_operations(proj_context(), first.get(), second.get(), factory.get()), proj_list_destroy};
    return Pj{found && proj_list_get_count(found.get()) > 0 ? proj_list_get(proj_context(), found.get(), 0)
                                                            : nullptr};
}

std::vector<std::string> missing_grids(PJ* operation)
{
    std::vector<std::string> missing;
    auto const count = proj_coordoperation_get_grid_used_count(proj_context(), operation);
    for (int i = 0; i < count; ++i) {
        char const* name = nullptr;
        int available = 0;
        int const is_told = proj_coordoperation_get_grid_used(proj_context(), operation, i, &name, nullptr,
                                                              nullptr, nullptr, nullptr, nullptr, &available);
        if (is_told != 0 && available == 0)
            missing.emplace_back(name);
    }
    return missing;
}

} // namespace

std::vector<std::string> missing_grids(Crs const& from, Crs const& to, Place place)
{
    auto const taken = transform_between(from, to, place).operation();
    if (!taken)
        return {};
    auto const best = best_operation(from, to, place);
    if (!best)
        return {};
    auto const accuracy = proj_coordoperation_get_accuracy(proj_context(), best.get());
    bool const is_better = accuracy >= 0 && (!taken->accuracy || accuracy < *taken->accuracy);
    return is_better || taken->is_ballpark ? missing_grids(best.get()) : std::vector<std::string>{};
}

} // namespace ardoise
