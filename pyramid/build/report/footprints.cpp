// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/footprints.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

namespace ardoise {

namespace {

/// How much of a line some of the spans laid on it cover; spans end at known places only. A tree of
/// stretches: each knows how many spans lie over the whole of it, and what is covered within.
class CoveredLine {
public:
    /// `places`: ascending, each once, two or more.
    explicit CoveredLine(std::vector<double> places)
        : places_{std::move(places)}, stretches_(4 * places_.size())
    {
    }

    double length() const { return stretches_[0].covered; }
    /// Lays a span (`count` 1), or takes it away again (-1).
    void add(double first, double last, int count) { add(0, 0, places_.size() - 1, first, last, count); }

private:
    struct Stretch {
        int spans = 0;
        double covered = 0;
    };

    /// The stretch `number` goes from one of the places to another.
    void add(std::size_t number, std::size_t from, std::size_t to, double first, double last, int count)
    {
        if (last <= places_[from] || first >= places_[to])
            return;
        auto& stretch = stretches_[number];
        auto const left = 2 * number + 1, right = left + 1, middle = (from + to) / 2;
        if (first <= places_[from] && places_[to] <= last) {
            stretch.spans += count;
        } else {
            add(left, from, middle, first, last, count);
            add(right, middle, to, first, last, count);
        }
        if (stretch.spans > 0)
            stretch.covered = places_[to] - places_[from];
        else
            stretch.covered = to - from == 1 ? 0 : stretches_[left].covered + stretches_[right].covered;
    }

    std::vector<double> places_;
    std::vector<Stretch> stretches_;
};

/// Where a line that sweeps north meets or leaves a box.
struct Edge {
    double y = 0;
    BoundingBox const* box = nullptr;
    int count = 1; // -1 where it leaves
};

std::vector<Edge> edges_of(std::vector<BoundingBox> const& boxes)
{
    std::vector<Edge> edges;
    for (auto const& box : boxes) {
        edges.push_back({box.min_y, &box, 1});
        edges.push_back({box.max_y, &box, -1});
    }
    std::sort(edges.begin(), edges.end(), [](Edge const& a, Edge const& b) { return a.y < b.y; });
    return edges;
}

std::vector<double> sides_of(std::vector<BoundingBox> const& boxes)
{
    std::vector<double> sides;
    for (auto const& box : boxes) {
        sides.push_back(box.min_x);
        sides.push_back(box.max_x);
    }
    std::sort(sides.begin(), sides.end());
    sides.erase(std::unique(sides.begin(), sides.end()), sides.end());
    return sides;
}

bool have_one_crs(std::vector<SourceRecord> const& sources)
{
    return std::all_of(sources.begin(), sources.end(), [&](SourceRecord const& record) {
        return same_place(record.source.crs, sources.front().source.crs);
    });
}

/// How many square units of the other CRS one of the source's own takes where it lies; nothing where it has
/// no place there.
std::optional<double> growth(Source const& source, Crs const& to)
{
    auto const box = source.extent();
    std::array<double, 4> x{box.min_x, box.max_x, box.max_x, box.min_x},
        y{box.min_y, box.min_y, box.max_y, box.max_y};
    transform_between(source.crs, to).apply(x, y);
    double twice = 0; // the shoelace formula
    for (std::size_t i = 1; i + 1 < x.size(); ++i)
        twice += (x[i] - x[0]) * (y[i + 1] - y[0]) - (x[i + 1] - x[0]) * (y[i] - y[0]);
    double const area = std::abs(twice) / 2;
    return std::isfinite(area) && area > 0 ? std::optional{area / (box.width() * box.height())}
                                           : std::nullopt;
}

double area_in_own_crs(PreparedBuild const& prepared)
{
    std::vector<BoundingBox> boxes;
    double grown = 0;
    for (auto const& record : prepared.sources)
        if (auto const by = growth(record.source, prepared.plan.set->crs)) {
            boxes.push_back(record.source.extent());
            grown += *by;
        }
    return boxes.empty() ? 0 : covered_area(boxes) * grown / static_cast<double>(boxes.size());
}

} // namespace

std::vector<BoundingBox> footprints_of(PreparedBuild const& prepared)
{
    std::vector<BoundingBox> boxes;
    for (auto const& record : prepared.sources) {
        auto const& source = record.source;
        auto const box = transform_between(source.crs, prepared.plan.set->crs).apply(source.extent());
        if (!box.empty())
            boxes.push_back(box);
    }
    return boxes;
}

double delivered_area(PreparedBuild const& prepared)
{
    return have_one_crs(prepared.sources) ? area_in_own_crs(prepared) : covered_area(footprints_of(prepared));
}

double covered_area(std::vector<BoundingBox> const& boxes)
{
    if (boxes.empty())
        return 0;
    CoveredLine line{sides_of(boxes)};
    double area = 0, before = 0;
    for (auto const& [y, box, count] : edges_of(boxes)) {
        area += (y - before) * line.length();
        line.add(box->min_x, box->max_x, count);
        before = y;
    }
    return area;
}

} // namespace ardoise
