// SPDX-License-Identifier: Apache-2.0
// Noise for every pixel of a window: tables made once from the seed, laid over the ground without an end.
#pragma once

#include <cstdint>
#include <vector>

namespace ardoise::sample {

/// A rectangle of pixels counted from the heart, x right and y down.
struct Window {
    std::int32_t x = 0, y = 0, width = 0, height = 0;
};

/// Noise of one window, row by row, each value in [-127, 127].
struct NoisePlanes {
    std::vector<std::int8_t> grain;   // from pixel to pixel
    std::vector<std::int8_t> mottle;  // wavelengths of 0.2 to 3 m
    std::vector<std::int8_t> emboss;  // mottle lit from the sun's side
    std::vector<std::int8_t> patches; // wavelengths of 3 to 200 m
};

/// Immutable after construction: safe to share between threads.
class Textures {
public:
    explicit Textures(std::uint64_t seed);

    /// What a window shows depends on the ground alone. `sun_x` and `sun_y` are the pixels from a leaf to the
    /// one that shades it.
    NoisePlanes planes(Window window, int sun_x, int sun_y) const;
    /// One row of pixel noise, without any likeness to that of another `kind`.
    void sensor_row(std::uint64_t kind, std::int32_t x, std::int32_t y, std::int32_t count,
                    std::int8_t* row) const;
    /// A number in [-32, 31] for a piece of a regular texture.
    int piece(std::int32_t row, std::int32_t column) const
    {
        return pieces_[static_cast<std::size_t>((row & 63) * 64 + (column & 63))];
    }

private:
    struct Table {
        int side = 0;
        std::vector<std::int8_t> values;
        void add_row(std::int64_t x, std::int64_t y, std::int32_t count, std::int16_t* sum) const;
    };
    static Table noise_table(std::uint64_t seed, int side, int coarsest, int finest);

    Table grain_[2], mottle_[2];
    std::vector<std::int8_t> pieces_;
    std::uint64_t seed_;
};

} // namespace ardoise::sample
