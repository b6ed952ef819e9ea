// SPDX-License-Identifier: Apache-2.0
// The whole made-up town: what there is to see in any box of the ground, in any year.
#pragma once

#include "pyramid/build/sample/landscape.hpp"
#include "pyramid/build/sample/light.hpp"
#include "pyramid/build/sample/scene.hpp"
#include "pyramid/build/sample/streets.hpp"

namespace ardoise::sample {

/// A pure function of seed, year and place. Immutable: safe to share between threads.
class City {
public:
    explicit City(std::uint64_t seed) : land_{seed} {}

    Landscape const& land() const { return land_; }
    Light light(int year) const { return light_of(land_.seed(), year); }
    /// Everything seen in a box of the ground (metres from the heart), shadows from outside included.
    Scene scene(Box ground, int year) const;

private:
    Landscape land_;
};

} // namespace ardoise::sample
