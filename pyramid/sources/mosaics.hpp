// SPDX-License-Identifier: Apache-2.0
// All grids of a build, one over another.
#pragma once

#include "pyramid/sources/box_index.hpp"
#include "pyramid/sources/mosaic.hpp"

#include <cstddef>
#include <vector>

namespace ardoise {

/// Groups sources into mosaics. On one grid sources are in the order of their paths: the later one lies on
/// top. Mosaics of finer pixels lie on top of those of coarser ones. So it does not matter in what order
/// sources come, nor, for others, whether one comes or goes.
std::vector<Mosaic> group_by_grid(std::vector<Source> sources);

/// The mosaics of a build, of which the later ones lie on top. A canvas finds those around it without looking
/// at the others: dalles may have a grid each. Immutable: safe to share.
class Mosaics {
public:
    Mosaics() = default;
    explicit Mosaics(std::vector<Mosaic> mosaics);

    std::vector<Mosaic> const& all() const { return mosaics_; }
    std::size_t size() const { return mosaics_.size(); }

    struct Near {
        Mosaic const& mosaic;
        BoundingBox ground; // of the canvas, in the mosaic's CRS
    };
    /// Those that a canvas of so many pixels on `ground` may need to see, whatever the kernel; in their
    /// order. More may be named than it needs.
    std::vector<Near> near(BoundingBox const& ground, Crs const& crs, std::int64_t pixels) const;

private:
    /// What lies in one CRS: sources, each with the reach of kernels around it.
    struct System {
        Crs crs;
        BoxIndex reached;
        std::vector<std::size_t> mosaics; // of each box
        double stretch = 1;               // the longer side of the most oblong pixel by its shorter one
    };

    System system_of(std::vector<std::size_t> mosaics) const;

    std::vector<Mosaic> mosaics_;
    std::vector<System> systems_;
};

} // namespace ardoise
