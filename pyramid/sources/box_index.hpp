// SPDX-License-Identifier: Apache-2.0
// Boxes that are found by where they lie.
#pragma once

#include "pyramid/grid/bounding_box.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ardoise {

/// The plane is cut into fields as large as the usual box, and each field knows its boxes: a question looks
/// at those nearby only. Immutable: safe to share.
class BoxIndex {
public:
    BoxIndex() = default;
    /// None of `boxes` is empty.
    explicit BoxIndex(std::vector<BoundingBox> boxes);

    /// Numbers of the boxes that share more than a side with `box`, ascending.
    std::vector<std::size_t> meeting(BoundingBox const& box) const;

private:
    struct Entry {
        std::int64_t row = 0, col = 0; // of the field
        std::size_t box = 0;
        friend auto operator<=>(Entry const&, Entry const&) = default;
    };

    std::vector<BoundingBox> boxes_;
    double field_width_ = 1, field_height_ = 1;
    std::vector<Entry> entries_; // sorted by row, then column
};

} // namespace ardoise
