// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/flood.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

namespace ardoise {

namespace {

/// Numbers in the order of the levels.
std::uint32_t ordered(float level)
{
    auto const bits = std::bit_cast<std::uint32_t>(level + 0.0F); // -0 is 0
    return bits >> 31 != 0 ? ~bits : bits | 0x80000000U;
}

/// Pixels by rising level: a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan 1990), which is near linear as
/// nothing ever comes in below what went out last. An entry is moved from bucket to bucket 32 times at the
/// most.
class Front {
public:
    /// `levels`: those of the pixels that are in it stay as they are.
    explicit Front(std::vector<float> const& levels) : levels_{levels} {}

    void push(std::uint32_t pixel) { buckets_[bucket_of(pixel)].push_back(pixel); }

    /// False when there is none left.
    bool pop(std::uint32_t& pixel)
    {
        if (buckets_[0].empty() && !refill())
            return false;
        pixel = buckets_[0].back();
        buckets_[0].pop_back();
        return true;
    }

private:
    /// By the highest bit in which it differs from the last.
    std::size_t bucket_of(std::uint32_t pixel) const
    {
        return static_cast<std::size_t>(std::bit_width(ordered(levels_[pixel]) ^ last_));
    }

    /// Makes the lowest level that there is the last, and shares out its bucket among those below.
    bool refill()
    {
        auto const next = std::find_if(buckets_.begin(), buckets_.end(),
                                       [](auto const& bucket) { return !bucket.empty(); });
        if (next == buckets_.end())
            return false;
        auto const pixels = std::exchange(*next, {});
        auto const lowest = *std::min_element(pixels.begin(), pixels.end(),
                                              [&](auto a, auto b) { return levels_[a] < levels_[b]; });
        last_ = ordered(levels_[lowest]);
        for (auto const pixel : pixels)
            push(pixel);
        return true;
    }

    std::vector<float> const& levels_;
    std::array<std::vector<std::uint32_t>, 33> buckets_;
    std::uint32_t last_ = 0;
};

class Flood {
public:
    explicit Flood(Terrain const& terrain)
        : terrain_{terrain}, levels_(terrain.size(), never_flooded), front_{levels_}
    {
    }

    void start_at(std::uint32_t pixel)
    {
        // Where the river has no height, all that lies beside it is above.
        rise(pixel, is_ground(pixel) ? terrain_.heights[pixel] : -std::numeric_limits<float>::infinity());
    }

    std::vector<float> spread()
    {
        for (std::uint32_t pixel = 0; front_.pop(pixel);)
            spread_from(pixel);
        return std::move(levels_);
    }

private:
    /// Neither NaN nor a filling, of which a level would say that the pixel is never flooded.
    bool is_ground(std::size_t pixel) const { return terrain_.heights[pixel] < never_flooded; }

    void rise(std::size_t pixel, float level)
    {
        if (levels_[pixel] != never_flooded)
            return; // whoever came first came by a lower way
        levels_[pixel] = level;
        front_.push(static_cast<std::uint32_t>(pixel));
    }

    void spread_to(std::size_t pixel, float level)
    {
        if (is_ground(pixel))
            rise(pixel, std::max(terrain_.heights[pixel], level));
    }

    void spread_from(std::uint32_t pixel)
    {
        auto const width = static_cast<std::size_t>(terrain_.width);
        auto const col = pixel % width;
        auto const level = levels_[pixel];
        if (col > 0)
            spread_to(pixel - std::size_t{1}, level);
        if (col + 1 < width)
            spread_to(pixel + std::size_t{1}, level);
        if (pixel >= width)
            spread_to(pixel - width, level);
        if (pixel + width < levels_.size())
            spread_to(pixel + width, level);
    }

    Terrain const& terrain_;
    std::vector<float> levels_;
    Front front_;
};

} // namespace

std::vector<float> flood_levels(Terrain const& terrain, std::span<std::uint32_t const> seeds)
{
    Flood flood{terrain};
    for (auto const seed : seeds)
        flood.start_at(seed);
    return flood.spread();
}

} // namespace ardoise
