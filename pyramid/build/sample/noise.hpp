// SPDX-License-Identifier: Apache-2.0
// Chance without state: hashes of places, dice thrown from a hash, and smooth noise over the plane.
#pragma once

#include <cmath>
#include <cstdint>

namespace ardoise::sample {

/// Every bit of the result depends on every bit of `value` (the finalizer of splitmix64).
constexpr std::uint64_t mixed(std::uint64_t value)
{
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31);
}

/// One hash for a seed and any number of numbers, of which the whole part counts.
template <typename... Keys>
constexpr std::uint64_t hash_of(std::uint64_t seed, Keys... keys)
{
    std::uint64_t hash = mixed(seed);
    ((hash = mixed(hash ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(keys)))), ...);
    return hash;
}

/// A hash as a number in [0, 1).
constexpr double unit(std::uint64_t hash)
{
    return static_cast<double>(hash >> 11) * 0x1.0p-53;
}

/// Throws that follow from one hash alone: the same hash gives the same row of throws everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t hash) : state_{hash} {}

    std::uint64_t next() { return state_ = mixed(state_); }
    double unit() { return sample::unit(next()); }
    double between(double low, double high) { return low + (high - low) * unit(); }
    bool chance(double probability) { return unit() < probability; }
    int pick(int count) { return static_cast<int>(next() % static_cast<std::uint64_t>(count)); }

private:
    std::uint64_t state_;
};

/// Smooth noise in [-1, 1] whose lattice has a spacing of 1.
double value_noise(std::uint64_t seed, double x, double y);

/// Octaves of value noise, each twice as fine and half as strong; within [-1, 1].
double fractal_noise(std::uint64_t seed, double x, double y, int octaves);

inline double smoothstep(double low, double high, double x)
{
    double const t = x <= low ? 0 : x >= high ? 1 : (x - low) / (high - low);
    return t * t * (3 - 2 * t);
}

} // namespace ardoise::sample
