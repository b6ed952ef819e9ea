// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/warp_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ardoise {

namespace {

constexpr std::int32_t coarsest_cell = 128;
/// Cells of this size that are still not smooth are mapped pixel by pixel.
constexpr std::int32_t finest_cell = 4;
/// Cells are checked at a third of their sides: the middle would not see an S-shaped bend, which crosses
/// there.
constexpr double third = 1.0 / 3;
/// What of the tolerance may be used up at a third, so that neither a C nor an S goes beyond it between.
constexpr double share_of_tolerance = 0.75;
/// Source coordinates beyond this are as good as none.
constexpr double far_away = 1e8;

bool exists(SourcePoint point)
{
    return !std::isnan(point.x);
}

SourcePoint at_a_third(SourcePoint a, SourcePoint b)
{
    return {a.x + (b.x - a.x) * third, a.y + (b.y - a.y) * third};
}

/// Where each of xs by ys lies in the source, row by row. What has no counterpart is NaN in both coordinates.
std::vector<SourcePoint> locate(PixelMapping const& mapping, std::span<double const> xs,
                                std::span<double const> ys)
{
    std::vector<double> all_x, all_y;
    for (double const y : ys)
        for (double const x : xs) {
            all_x.push_back(x);
            all_y.push_back(y);
        }
    mapping(all_x, all_y);
    std::vector<SourcePoint> points(all_x.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        bool const found = std::abs(all_x[i]) < far_away && std::abs(all_y[i]) < far_away;
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        points[i] = found ? SourcePoint{all_x[i], all_y[i]} : SourcePoint{nan, nan};
    }
    return points;
}

/// A cell with what is known of it: where the borders and the lines at a third of either side cross, in
/// reading order.
struct Candidate {
    PixelBox box;
    std::array<SourcePoint, 9> points;

    std::array<SourcePoint, 4> corners() const { return {points[0], points[2], points[6], points[8]}; }
};

bool is_smooth(Candidate const& cell, double tolerance)
{
    auto const [upper_left, upper_right, lower_left, lower_right] = cell.corners();
    auto const upper = at_a_third(upper_left, upper_right), lower = at_a_third(lower_left, lower_right);
    auto const follows = [&](std::size_t at, SourcePoint expected) {
        auto const found = cell.points[at];
        return std::hypot(found.x - expected.x, found.y - expected.y) <=
               share_of_tolerance * tolerance; // false for NaN
    };
    return follows(1, upper) && follows(7, lower) && follows(3, at_a_third(upper_left, lower_left)) &&
           follows(5, at_a_third(upper_right, lower_right)) && follows(4, at_a_third(upper, lower));
}

bool is_nowhere(Candidate const& cell)
{
    return std::none_of(cell.points.begin(), cell.points.end(), exists);
}

/// Whether, even bent by its own size, the cell would not touch the source.
bool is_beyond(Candidate const& cell, RasterShape const& source, double margin)
{
    if (!std::all_of(cell.points.begin(), cell.points.end(), exists))
        return false;
    auto const misses = [&](double SourcePoint::*axis, double length) {
        auto const [low, high] = std::minmax_element(cell.points.begin(), cell.points.end(),
                                                     [&](auto a, auto b) { return a.*axis < b.*axis; });
        double const reach = high->*axis - low->*axis + margin;
        return high->*axis + reach < 0 || low->*axis - reach > length;
    };
    return misses(&SourcePoint::x, source.width) || misses(&SourcePoint::y, source.height);
}

/// The mean change per pixel from one point to the next, over the pairs that exist.
class MeanSlope {
public:
    void add(SourcePoint from, SourcePoint to, double pixels)
    {
        if (!exists(from) || !exists(to))
            return;
        x_ += std::abs(to.x - from.x) / pixels;
        y_ += std::abs(to.y - from.y) / pixels;
        ++pairs_;
    }
    SourcePoint mean() const { return pairs_ > 0 ? SourcePoint{x_ / pairs_, y_ / pairs_} : SourcePoint{}; }

private:
    double x_ = 0, y_ = 0;
    int pairs_ = 0;
};

SourcePoint scale_of(Candidate const& cell)
{
    constexpr std::array parts{third, 1 - third};
    MeanSlope right, down;
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 2; ++k) {
            right.add(cell.points[3 * i + k], cell.points[3 * i + k + 1], cell.box.width * parts[k]);
            down.add(cell.points[3 * k + i], cell.points[3 * k + i + 3], cell.box.height * parts[k]);
        }
    auto const across = right.mean(), along = down.mean();
    return {std::hypot(across.x, along.x), std::hypot(across.y, along.y)};
}

/// The borders of cells along one axis, and the lines between them: border, third, border, third, border.
std::vector<double> with_thirds(std::span<std::int32_t const> borders)
{
    std::vector<double> all{static_cast<double>(borders[0])};
    for (std::size_t i = 1; i < borders.size(); ++i) {
        all.push_back(borders[i - 1] + (borders[i] - borders[i - 1]) * third);
        all.push_back(borders[i]);
    }
    return all;
}

class Planner {
public:
    Planner(PixelMapping const& mapping, RasterShape const& source, double margin, double tolerance)
        : mapping_{mapping}, source_{source}, margin_{margin}, tolerance_{tolerance}
    {
    }

    std::vector<WarpCell> plan(std::int32_t width, std::int32_t height)
    {
        cut(borders(width), borders(height));
        while (!open_.empty()) {
            auto const cell = open_.back();
            open_.pop_back();
            settle(cell);
        }
        return std::move(cells_);
    }

private:
    static std::vector<std::int32_t> borders(std::int32_t length)
    {
        std::vector<std::int32_t> all;
        for (std::int32_t at = 0; at < length; at += coarsest_cell)
            all.push_back(at);
        all.push_back(length);
        return all;
    }

    /// Opens a cell for each of the rectangles between the borders.
    void cut(std::span<std::int32_t const> xs, std::span<std::int32_t const> ys)
    {
        auto const lattice_x = with_thirds(xs), lattice_y = with_thirds(ys);
        auto const points = locate(mapping_, lattice_x, lattice_y);
        for (std::size_t j = 0; j + 1 < ys.size(); ++j)
            for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
                Candidate cell{{xs[i], ys[j], xs[i + 1] - xs[i], ys[j + 1] - ys[j]}, {}};
                for (std::size_t k = 0; k < 9; ++k)
                    cell.points[k] = points[(2 * j + k / 3) * lattice_x.size() + 2 * i + k % 3];
                if (cell.box.width > 0 && cell.box.height > 0)
                    open_.push_back(cell);
            }
    }

    void settle(Candidate const& cell)
    {
        if (is_nowhere(cell) || is_beyond(cell, source_, margin_))
            return;
        auto const [x, y, width, height] = cell.box;
        auto const scale = scale_of(cell);
        if (is_smooth(cell, tolerance_))
            cells_.push_back({cell.box, cell.corners(), scale.x, scale.y});
        else if (std::max(width, height) > finest_cell)
            cut(std::array{x, x + width / 2, x + width}, std::array{y, y + height / 2, y + height});
        else
            map_pixel_by_pixel(cell.box, scale);
    }

    void map_pixel_by_pixel(PixelBox box, SourcePoint scale)
    {
        std::vector<double> xs, ys;
        for (std::int32_t i = 0; i < box.width; ++i)
            xs.push_back(box.x + i + 0.5);
        for (std::int32_t j = 0; j < box.height; ++j)
            ys.push_back(box.y + j + 0.5);
        auto const centres = locate(mapping_, xs, ys);
        for (std::int32_t k = 0; k < box.width * box.height; ++k) {
            auto const centre = centres[static_cast<std::size_t>(k)];
            if (exists(centre))
                cells_.push_back({{box.x + k % box.width, box.y + k / box.width, 1, 1},
                                  {centre, centre, centre, centre},
                                  scale.x,
                                  scale.y});
        }
    }

    PixelMapping const& mapping_;
    RasterShape source_;
    double margin_, tolerance_;
    std::vector<Candidate> open_;
    std::vector<WarpCell> cells_;
};

} // namespace

std::vector<WarpCell> plan_warp(PixelMapping const& mapping, std::int32_t width, std::int32_t height,
                                RasterShape const& source, double margin, double tolerance)
{
    return Planner{mapping, source, margin, tolerance}.plan(width, height);
}

} // namespace ardoise
