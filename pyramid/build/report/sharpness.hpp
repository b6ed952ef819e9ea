// SPDX-License-Identifier: Apache-2.0
// How like its sources a stored base level is.
#pragma once

#include "pyramid/build/standing_pyramid.hpp"

#include <cmath>
#include <string>

namespace ardoise {

struct PreparedBuild;

/// Stored pixels against what bake() gives on the same ground, where both are data: so against the sources as
/// they are at the base level's own resolution. What a lossy format changes shows in the PSNR, what it blurs
/// in the gradients; what a base level coarser than the sources cannot show shows in neither: see
/// lost_detail().
struct Sharpness {
    std::size_t windows = 0; // tiles of the base level that were compared
    /// Peak signal-to-noise ratio in dB, over all channels; infinite where all pixels are the same. The peak
    /// is the highest value of integers; of floats the difference of the highest and lowest that were seen.
    double psnr = 0;
    /// Mean absolute difference of neighbours (right and below), in units of the samples: as stored, and in
    /// the sources.
    double gradient = 0, source_gradient = 0;

    bool identical() const { return std::isinf(psnr); }
    /// Of floats that were put together in another order: what differs is less than a millionth of the peak.
    bool equal_but_for_rounding() const { return psnr > 120; }
    /// The share of the sources' gradient that is left: below 1 where something is blurred, above where
    /// compression adds steps of its own.
    double detail() const { return source_gradient > 0 ? gradient / source_gradient : 1; }
};

/// "equal", "equal but for rounding" or "36.1 dB".
std::string likeness_text(Sharpness const& sharpness);

/// Compares the tiles `windows` of the base level. Nothing when none of them holds data. Throws Failure when
/// a source cannot be read any more.
std::optional<Sharpness> measure_sharpness(StandingPyramid const& stored, PreparedBuild const& prepared,
                                           Product const& product, std::vector<TileIndex> const& windows);

} // namespace ardoise
