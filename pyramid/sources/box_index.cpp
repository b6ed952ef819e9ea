// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/box_index.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// Fields that are further away than any CRS reaches count as one.
std::int64_t field(double coordinate, double side)
{
    constexpr double farthest = 1e15;
    return static_cast<std::int64_t>(std::clamp(std::floor(coordinate / side), -farthest, farthest));
}

} // namespace

BoxIndex::BoxIndex(std::vector<BoundingBox> boxes) : boxes_{std::move(boxes)}
{
    double width = 0, height = 0, widest = 0, highest = 0;
    for (auto const& box : boxes_) {
        width += box.width(), height += box.height();
        widest = std::max(widest, box.width()), highest = std::max(highest, box.height());
    }
    // The mean, and never so small that one giant among dwarfs lies in very many fields.
    auto const count = static_cast<double>(boxes_.size());
    field_width_ = std::max(width / count, widest / 256);
    field_height_ = std::max(height / count, highest / 256);
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
        auto const& box = boxes_[i];
        auto const last_row = field(box.max_y, field_height_), last_col = field(box.max_x, field_width_);
        for (auto row = field(box.min_y, field_height_); row <= last_row; ++row)
            for (auto col = field(box.min_x, field_width_); col <= last_col; ++col)
                entries_.push_back({row, col, i});
    }
    std::sort(entries_.begin(), entries_.end());
}

std::vector<std::size_t> BoxIndex::meeting(BoundingBox const& box) const
{
    std::vector<std::size_t> found;
    if (entries_.empty() || box.empty())
        return found;
    auto const first_row = std::max(field(box.min_y, field_height_), entries_.front().row),
               last_row = std::min(field(box.max_y, field_height_), entries_.back().row);
    auto const first_col = field(box.min_x, field_width_), last_col = field(box.max_x, field_width_);
    for (auto row = first_row; row <= last_row; ++row)
        for (auto entry = std::lower_bound(entries_.begin(), entries_.end(), Entry{row, first_col, 0});
             entry != entries_.end() && entry->row == row && entry->col <= last_col; ++entry)
            if (!intersect(boxes_[entry->box], box).empty())
                found.push_back(entry->box);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

} // namespace ardoise
