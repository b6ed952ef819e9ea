// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/mosaics.hpp"

#include "pyramid/raster/resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace ardoise {

namespace {

/// Coarser pixels below finer ones; between pixels of one size what tells the grids apart decides, so that no
/// source that comes or goes changes the order of others.
bool lies_below(Lattice const& a, Lattice const& b)
{
    auto const facts = [](Lattice const& lattice) {
        double const metres = lattice.crs.metres_per_unit();
        return std::tuple{-lattice.pixel_width * lattice.pixel_height * metres * metres,
                          std::string_view{lattice.crs.definition()}, lattice.left, lattice.top};
    };
    return facts(a) < facts(b);
}

/// Sources on one lattice.
struct Group {
    Lattice lattice;
    std::vector<Source> sources;
};

/// Groups that are found by their lattice's pixel size, and by the place of its pixels within a pixel.
class Groups {
public:
    void add(Source source)
    {
        auto const number = find(source).value_or(groups_.size());
        if (number == groups_.size())
            begin_group(Lattice::of(source));
        groups_[number].sources.push_back(std::move(source));
    }
    std::vector<Group> take() { return std::move(groups_); }

private:
    /// Fractions of a pixel are told apart in steps twice as wide as what Lattice::holds() lets pass.
    static constexpr int steps = static_cast<int>(0.5 / Lattice::same_pixel);
    using Cell = std::array<int, 2>;
    using PixelSize = std::array<double, 2>;

    static int step_of(double pixels)
    {
        double const fraction = pixels - std::floor(pixels);
        return static_cast<int>(fraction * steps) % steps;
    }
    static Cell cell_of(double left, double top, PixelSize const& size)
    {
        return {step_of(left / size[0]), step_of(top / size[1])};
    }

    void begin_group(Lattice lattice)
    {
        PixelSize const size{lattice.pixel_width, lattice.pixel_height};
        by_size_[size][cell_of(lattice.left, lattice.top, size)].push_back(groups_.size());
        groups_.push_back({std::move(lattice), {}});
    }

    /// The first group that takes the source in.
    std::optional<std::size_t> find(Source const& source) const
    {
        double const reach = static_cast<double>(std::max(source.width, source.height));
        double const tolerance = 1.01 * Lattice::same_pixel / reach;
        std::optional<std::size_t> first;
        for (auto size = by_size_.lower_bound({source.pixel_width * (1 - tolerance), 0});
             size != by_size_.end() && size->first[0] <= source.pixel_width * (1 + tolerance); ++size)
            if (std::abs(source.pixel_height / size->first[1] - 1) < tolerance)
                for (auto const number : around(cell_of(source.left, source.top, size->first), size->second))
                    if ((!first || number < *first) && groups_[number].lattice.holds(source))
                        first = number;
        return first;
    }

    using Cells = std::map<Cell, std::vector<std::size_t>>;
    static std::vector<std::size_t> around(Cell const& cell, Cells const& cells)
    {
        std::vector<std::size_t> numbers;
        for (int const x : {steps - 1, 0, 1})
            for (int const y : {steps - 1, 0, 1})
                if (auto const found = cells.find({(cell[0] + x) % steps, (cell[1] + y) % steps});
                    found != cells.end())
                    numbers.insert(numbers.end(), found->second.begin(), found->second.end());
        return numbers;
    }

    std::vector<Group> groups_;
    std::map<PixelSize, Cells> by_size_;
};

/// Pixels around a canvas that a warp may ask for, where the mosaic is halved to less than 4:1: the widest
/// kernel's, one more, and what rounds the window to whole pixels.
double most_reach()
{
    return kernel_margin(Resampling::lanczos, 4) + 3;
}

BoundingBox grown(BoundingBox const& box, double x, double y)
{
    return {box.min_x - x, box.min_y - y, box.max_x + x, box.max_y + y};
}

} // namespace

std::vector<Mosaic> group_by_grid(std::vector<Source> sources)
{
    std::stable_sort(sources.begin(), sources.end(),
                     [](Source const& a, Source const& b) { return a.file < b.file; });
    Groups by_grid;
    for (auto& source : sources)
        by_grid.add(std::move(source));
    auto groups = by_grid.take();
    std::stable_sort(groups.begin(), groups.end(),
                     [](Group const& a, Group const& b) { return lies_below(a.lattice, b.lattice); });
    std::vector<Mosaic> mosaics;
    mosaics.reserve(groups.size());
    for (auto& group : groups)
        mosaics.emplace_back(std::move(group.lattice), std::move(group.sources));
    return mosaics;
}

Mosaics::Mosaics(std::vector<Mosaic> mosaics) : mosaics_{std::move(mosaics)}
{
    std::map<std::string_view, std::vector<std::size_t>> by_crs;
    for (std::size_t i = 0; i < mosaics_.size(); ++i)
        by_crs[mosaics_[i].crs().definition()].push_back(i);
    for (auto& [definition, members] : by_crs)
        systems_.push_back(system_of(std::move(members)));
}

Mosaics::System Mosaics::system_of(std::vector<std::size_t> mosaics) const
{
    System system{.crs = mosaics_[mosaics.front()].crs(), .reached = {}, .mosaics = {}};
    std::vector<BoundingBox> boxes;
    for (auto const number : mosaics) {
        auto const& mosaic = mosaics_[number];
        double const width = mosaic.pixel_width(), height = mosaic.pixel_height();
        system.stretch = std::max({system.stretch, width / height, height / width});
        for (auto const& source : mosaic.sources()) {
            boxes.push_back(grown(source.extent(), most_reach() * width, most_reach() * height));
            system.mosaics.push_back(number);
        }
    }
    system.reached = BoxIndex{std::move(boxes)};
    return system;
}

std::vector<Mosaics::Near> Mosaics::near(BoundingBox const& ground, Crs const& crs, std::int64_t pixels) const
{
    std::map<std::size_t, BoundingBox> found; // by the mosaics' numbers, which are their order
    for (auto const& system : systems_) {
        auto const there = transform_between(crs, system.crs).apply(ground);
        if (there.empty())
            continue;
        // Pixels that are halved are no larger than the canvas's: their reach is added to the canvas's side,
        // that of pixels which are not stands around the sources.
        double const cell =
            std::sqrt(there.width() * there.height() / static_cast<double>(pixels)) * system.stretch;
        for (auto const box : system.reached.meeting(grown(there, most_reach() * cell, most_reach() * cell)))
            found.emplace(system.mosaics[box], there);
    }
    std::vector<Near> near;
    near.reserve(found.size());
    for (auto const& [number, there] : found)
        near.push_back({mosaics_[number], there});
    return near;
}

} // namespace ardoise
