// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/report_map.hpp"

#include "pyramid/build/report/footprints.hpp"
#include "pyramid/raster/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace ardoise {

namespace {

constexpr double longest_side = 1000; // of the drawing, in its own units
constexpr std::size_t most_footprints = 2000;
constexpr int cells_across = 64;
constexpr double most_growth = 1.2; // how much larger than the base level's limits others may be

/// From the ground to the drawing, whose y runs down.
struct Drawing {
    BoundingBox ground;

    double scale() const { return longest_side / std::max(ground.width(), ground.height()); }
    double width() const { return ground.width() * scale(); }
    double height() const { return ground.height() * scale(); }
    std::string box(BoundingBox const& box) const
    {
        return fmt::format(R"(x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}")",
                           (box.min_x - ground.min_x) * scale(), (ground.max_y - box.max_y) * scale(),
                           box.width() * scale(), box.height() * scale());
    }
};

std::string base64(ByteView bytes)
{
    constexpr char const* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const byte = [&](std::size_t k) {
            return i + k < bytes.size() ? std::to_integer<unsigned>(bytes[i + k]) : 0U;
        };
        unsigned const three = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (std::size_t k = 0; k < 4; ++k)
            text += i + k <= bytes.size() ? digits[three >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

std::string picture(Drawing const& drawing, Preview const& preview)
{
    constexpr int quality = 80;
    return fmt::format("<image {} preserveAspectRatio=\"none\" href=\"data:image/webp;base64,{}\"/>\n",
                       drawing.box(preview.ground), base64(webp::encode(preview.pixels.view(), quality)));
}

/// Limits of the levels from the base on, as long as they are not much larger.
std::vector<Level> levels_shown(Pyramid const& pyramid)
{
    auto const base = pyramid.extent();
    std::vector<Level> shown;
    for (auto level = pyramid.levels.rbegin(); level != pyramid.levels.rend(); ++level) {
        auto const box = extent(pyramid.matrix(*level), level->limits);
        if (box.width() > most_growth * base.width() || box.height() > most_growth * base.height())
            break;
        shown.push_back(*level);
    }
    return shown;
}

/// The cells of a grid over the drawing that some of `boxes` touch.
std::vector<BoundingBox> coverage(BoundingBox const& ground, std::vector<BoundingBox> const& boxes)
{
    double const side = std::max(ground.width(), ground.height()) / cells_across;
    auto const cell = [&](double distance) {
        return std::clamp(static_cast<int>(std::floor(distance / side)), 0, cells_across - 1);
    };
    std::set<std::pair<int, int>> touched;
    for (auto const& box : boxes)
        for (int row = cell(ground.max_y - box.max_y); row <= cell(ground.max_y - box.min_y); ++row)
            for (int col = cell(box.min_x - ground.min_x); col <= cell(box.max_x - ground.min_x); ++col)
                touched.emplace(row, col);
    std::vector<BoundingBox> cells;
    for (auto const& [row, col] : touched)
        cells.push_back({ground.min_x + col * side, ground.max_y - (row + 1) * side,
                         ground.min_x + (col + 1) * side, ground.max_y - row * side});
    return cells;
}

} // namespace

std::string report_map(Pyramid const& pyramid, PreparedBuild const& prepared,
                       std::optional<Preview> const& preview)
{
    auto const levels = levels_shown(pyramid);
    Drawing drawing{};
    for (auto const& level : levels)
        drawing.ground = join(drawing.ground, extent(pyramid.matrix(level), level.limits));
    auto footprints = footprints_of(prepared);
    if (footprints.size() > most_footprints)
        footprints = coverage(drawing.ground, footprints);

    std::string svg =
        fmt::format("<svg viewBox=\"-4 -4 {:.0f} {:.0f}\" role=\"img\" aria-label=\"Map of the sources "
                    "and of the levels' limits\">\n",
                    drawing.width() + 8, drawing.height() + 8);
    if (preview)
        svg += picture(drawing, *preview);
    for (auto const& box : footprints)
        svg += fmt::format("<rect class=\"source\" {}/>\n", drawing.box(box));
    for (auto const& level : levels)
        svg += fmt::format("<rect class=\"limits\" {}/>\n",
                           drawing.box(extent(pyramid.matrix(level), level.limits)));
    return svg + "</svg>\n";
}

} // namespace ardoise
