// SPDX-License-Identifier: Apache-2.0
// Where water gets to: the level that it must reach before a pixel is wet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ardoise {

/// The flood level of ground that no water ever reaches: above all ground, and a number that every format can
/// hold, as infinity is none in JSON.
inline constexpr float never_flooded = 99999;

/// The heights of ground, row by row from the upper left; NaN where nobody knows one, and so is never_flooded
/// or more, which is a filling.
struct Terrain {
    std::int64_t width = 0, height = 0; // less than 2^32 pixels together
    std::vector<float> heights;

    std::size_t size() const { return heights.size(); }
};

/// For each pixel the lowest level at which it is wet, as water spreads from the seeds: of all ways from a
/// seed to it, the least that is the greatest height on the way (Priority-Flood: Barnes, Lehman and Mulla
/// 2014). never_flooded where there is no way, and where the ground is as high as that itself, a filling.
///
/// Water goes from a pixel to the four beside it, never across a corner: so a dike one pixel wide holds
/// whichever way it runs. Pixels without a height are no way, save seeds among them: a river that the model
/// has no heights of wets the ground beside it as soon as that is low enough. `seeds`: numbers of pixels,
/// each once or more. Needs four bytes a pixel for the result, and as many for a front that takes in all of
/// them.
std::vector<float> flood_levels(Terrain const& terrain, std::span<std::uint32_t const> seeds);

} // namespace ardoise
