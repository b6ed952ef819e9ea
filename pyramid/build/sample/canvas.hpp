// SPDX-License-Identifier: Apache-2.0
// The painter's canvas: planes of colour and height under a window, and the brushes for surfaces and crowns.
#pragma once

#include "pyramid/build/sample/scene.hpp"
#include "pyramid/build/sample/textures.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ardoise::sample {

/// Heights are kept in steps of a quarter of a metre.
constexpr double height_step = 0.25;

class Canvas {
public:
    Canvas(Window window, Textures const& textures, Point to_sun);

    Window const& window() const { return window_; }
    void fill(Scene const& scene, PlacedSurface const& surface);
    void fill(Crown const& crown);
    /// The shadow of an outline that ends `reach` pixels away, on what stands between `low` and `high`
    /// metres.
    void shade(std::span<Point const> corners, Point reach, double low, double high);
    /// A crown's shadow where it falls on lower things.
    void shade(Crown const& crown, Point reach);

    std::uint8_t const* band(int band, std::int32_t y) const
    {
        return bands_[static_cast<std::size_t>(band)].data() + at(y);
    }
    std::uint8_t const* shadow(std::int32_t y) const { return shadow_.data() + at(y); }

private:
    std::size_t at(std::int32_t y) const
    {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(window_.width);
    }
    void fill_span(PlacedSurface const& surface, std::int32_t y, std::int32_t x0, std::int32_t x1);
    void weave(PlacedSurface const& surface, std::int32_t y, std::int32_t x0, std::int32_t x1);

    Window window_;
    Textures const& textures_;
    Point to_sun_;
    NoisePlanes noise_;
    std::array<std::vector<std::uint8_t>, 4> bands_;
    std::vector<std::uint8_t> height_, shadow_;
    std::vector<std::int16_t> woven_; // one row of texture
};

} // namespace ardoise::sample
