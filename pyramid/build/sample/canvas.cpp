// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/canvas.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise::sample {

namespace {

std::uint8_t height_code(double metres)
{
    return static_cast<std::uint8_t>(std::clamp(metres / height_step, 0.0, 255.0));
}

std::int32_t first_centre_from(double x)
{
    return static_cast<std::int32_t>(std::ceil(std::clamp(x, -2e8, 2e8) - 0.5));
}

/// Calls paint(y, x0, x1) for the pixels whose centres lie inside the polygon, all relative to the window. A
/// pixel is decided from its place on the ground alone, so windows that meet agree.
template <typename Paint>
void scan(std::span<Point const> corners, Window const& window, Paint paint)
{
    double top = corners[0].y, bottom = top;
    for (Point const p : corners) {
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
    }
    std::int32_t const first = std::max(first_centre_from(top), window.y);
    std::int32_t const last = std::min(first_centre_from(bottom), window.y + window.height);
    std::vector<double> crossings;
    for (std::int32_t y = first; y < last; ++y) {
        double const middle = y + 0.5;
        crossings.clear();
        for (std::size_t i = 0; i < corners.size(); ++i) {
            Point a = corners[i], b = corners[i + 1 < corners.size() ? i + 1 : 0];
            if ((a.y <= middle) == (b.y <= middle))
                continue;
            if (a.y > b.y)
                std::swap(a, b);
            crossings.push_back(a.x + (middle - a.y) * ((b.x - a.x) / (b.y - a.y)));
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
            std::int32_t const x0 = std::max(first_centre_from(crossings[i]), window.x);
            std::int32_t const x1 = std::min(first_centre_from(crossings[i + 1]), window.x + window.width);
            if (x0 < x1)
                paint(y - window.y, x0 - window.x, x1 - window.x);
        }
    }
}

std::uint8_t to_byte(int value)
{
    return static_cast<std::uint8_t>(std::min(value, 255));
}

/// The base colour and what is missing from it to the alternate one, both in full light.
struct LitInk {
    int base[4], rest[4];
    int patches, mottle, relief, grain;
    LitInk(Ink const& ink, double light)
        : base{}, rest{}, patches{ink.patches}, mottle{ink.mottle}, relief{ink.relief}, grain{ink.grain}
    {
        for (std::size_t i = 0; i < 4; ++i) {
            base[i] = static_cast<int>(std::lround(std::min(255.0, ink.base[i] * light)));
            rest[i] = static_cast<int>(std::lround(std::min(255.0, ink.alternate[i] * light))) - base[i];
        }
    }
};

/// How far from the base to the alternate colour (0 to 128), from noise.
int mingling(LitInk const& ink, int mottle, int patches)
{
    int const raw = 64 + ((mottle * ink.mottle + patches * ink.patches) >> 5);
    return std::clamp(ink.mottle + ink.patches == 0 ? 0 : raw, 0, 128);
}

} // namespace

Canvas::Canvas(Window window, Textures const& textures, Point to_sun)
    : window_{window}, textures_{textures}, to_sun_{direction(to_sun)},
      noise_{textures.planes(window, static_cast<int>(std::lround(to_sun_.x * 4)),
                             static_cast<int>(std::lround(-to_sun_.y * 4)))},
      woven_(static_cast<std::size_t>(window.width))
{
    std::size_t const pixels = at(window.height);
    for (auto& band : bands_)
        band.resize(pixels);
    height_.resize(pixels);
    shadow_.resize(pixels);
}

void Canvas::fill(Scene const& scene, PlacedSurface const& surface)
{
    std::span<Point const> const corners{scene.corners.data() + surface.first, surface.count};
    std::uint8_t const code = height_code(surface.surface.height);
    scan(corners, window_, [&](std::int32_t y, std::int32_t x0, std::int32_t x1) {
        fill_span(surface, y, x0, x1);
        std::fill(height_.data() + at(y) + x0, height_.data() + at(y) + x1, code);
    });
}

void Canvas::fill_span(PlacedSurface const& surface, std::int32_t y, std::int32_t x0, std::int32_t x1)
{
    LitInk const ink{surface.surface.ink, surface.surface.light};
    bool const textured = surface.surface.texture.weave != Weave::none;
    if (textured)
        weave(surface, y, x0, x1);
    else
        std::fill(woven_.begin() + x0, woven_.begin() + x1, std::int16_t{0});
    std::int8_t const* const grain = noise_.grain.data() + at(y);
    std::int8_t const* const mottle = noise_.mottle.data() + at(y);
    std::int8_t const* const patches = noise_.patches.data() + at(y);
    std::int16_t const* const woven = woven_.data();
    for (std::size_t band = 0; band < 4; ++band) {
        std::uint8_t* const out = bands_[band].data() + at(y);
        int const base = ink.base[band], rest = ink.rest[band];
        for (std::int32_t x = x0; x < x1; ++x) {
            int const colour = base + ((rest * mingling(ink, mottle[x], patches[x])) >> 7);
            int const light = 128 + ((mottle[x] * ink.relief + grain[x] * ink.grain) >> 6) + woven[x];
            out[x] = to_byte((colour * std::max(light, 0)) >> 7);
        }
    }
}

void Canvas::weave(PlacedSurface const& placed, std::int32_t y, std::int32_t x0, std::int32_t x1)
{
    Texture const& texture = placed.surface.texture;
    // Lines are counted from the surface's own corner, in steps of 1/65536 of a line.
    double const line = Scene::pixel / texture.period * 65536, piece = Scene::pixel / texture.piece * 65536;
    double const ax = texture.along.x, ay = -texture.along.y; // rows of pixels run down
    auto const step_s = static_cast<std::int32_t>(std::lround(ax * line));
    auto const step_t = static_cast<std::int32_t>(std::lround(ay * piece));
    auto const left_x = static_cast<std::int32_t>(std::floor(placed.box.x0));
    auto const top_y = static_cast<std::int32_t>(std::floor(placed.box.y0));
    std::int32_t const dy = window_.y + y - top_y, dx = window_.x + x0 - left_x;
    std::int32_t s = static_cast<std::int32_t>(std::lround(ay * line)) * dy + step_s * dx;
    std::int32_t t = static_cast<std::int32_t>(std::lround(-ax * piece)) * dy + step_t * dx;
    int const depth = texture.depth;
    for (std::int32_t x = x0; x < x1; ++x, s += step_s, t += step_t) {
        int const phase = (s >> 8) & 255, row = s >> 16;
        int light = 0;
        if (texture.weave == Weave::stripes) {
            light = phase < 128 ? phase - 64 : 192 - phase; // a wave between -64 and 64
            light = (light * depth) >> 6;
        } else {
            int const shifted = t + (row & 1) * 32768;
            light = (textures_.piece(row, shifted >> 16) * depth) >> 6;
            bool const joint = phase < 40 || (texture.weave == Weave::slabs && ((shifted >> 8) & 255) < 24);
            light -= joint ? depth / 2 : 0;
        }
        woven_[static_cast<std::size_t>(x)] = static_cast<std::int16_t>(light);
    }
}

void Canvas::fill(Crown const& crown)
{
    LitInk const ink{crown.ink, 1};
    std::uint8_t const code = height_code(crown.height);
    double const squared = crown.radius * crown.radius;
    std::int32_t const top = std::max(first_centre_from(crown.centre.y - crown.radius), window_.y);
    std::int32_t const bottom =
        std::min(first_centre_from(crown.centre.y + crown.radius), window_.y + window_.height);
    std::int32_t const left_x =
        std::max(first_centre_from(crown.centre.x - crown.radius), window_.x) - window_.x;
    std::int32_t const right_x =
        std::min(first_centre_from(crown.centre.x + crown.radius), window_.x + window_.width) - window_.x;
    auto const inverse = static_cast<float>(1 / squared);
    auto const sun_x = static_cast<float>(to_sun_.x * 52 / crown.radius);
    auto const sun_y = static_cast<float>(-to_sun_.y * 52 / crown.radius);
    for (std::int32_t y = top - window_.y; y < bottom - window_.y; ++y) {
        auto const dy = static_cast<float>(window_.y + y + 0.5 - crown.centre.y);
        auto const centre_x = static_cast<float>(crown.centre.x - window_.x - 0.5);
        std::int8_t const* const mottle = noise_.mottle.data() + at(y);
        std::int8_t const* const emboss = noise_.emboss.data() + at(y);
        std::int8_t const* const grain = noise_.grain.data() + at(y);
        for (std::int32_t x = left_x; x < right_x; ++x) {
            float const dx = static_cast<float>(x) - centre_x;
            float const depth = (dx * dx + dy * dy) * inverse;
            if (depth + static_cast<float>(mottle[x]) * 0.004F > 0.78F)
                continue;
            int const slope = static_cast<int>(dx * sun_x + dy * sun_y - depth * 26);
            int const light =
                std::max(24, 134 + slope + ((emboss[x] * ink.relief + grain[x] * ink.grain) >> 5));
            int const mixed = mingling(ink, mottle[x], 0);
            for (std::size_t band = 0; band < 4; ++band)
                bands_[band][at(y) + static_cast<std::size_t>(x)] =
                    to_byte(((ink.base[band] + ((ink.rest[band] * mixed) >> 7)) * light) >> 7);
            height_[at(y) + static_cast<std::size_t>(x)] = code;
        }
    }
}

void Canvas::shade(std::span<Point const> corners, Point reach, double low, double high)
{
    std::uint8_t const from = height_code(low), to = height_code(high);
    auto const darken = [&](std::int32_t y, std::int32_t x0, std::int32_t x1) {
        std::uint8_t const* const height = height_.data() + at(y);
        std::uint8_t* const shadow = shadow_.data() + at(y);
        for (std::int32_t x = x0; x < x1; ++x)
            shadow[x] |= height[x] >= from && height[x] < to ? 255 : 0;
    };
    // Corners run counter-clockwise on the ground. The sides that look away from the sun move to the shadow's
    // end.
    std::vector<Point> swept;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        Point const before = corners[i > 0 ? i - 1 : corners.size() - 1], corner = corners[i];
        Point const after = corners[i + 1 < corners.size() ? i + 1 : 0];
        bool const away_before = cross(corner - before, reach) > 0,
                   away_after = cross(after - corner, reach) > 0;
        swept.push_back(away_before ? corner + reach : corner);
        if (away_before != away_after)
            swept.push_back(away_after ? corner + reach : corner);
    }
    scan(swept, window_, darken);
}

void Canvas::shade(Crown const& crown, Point reach)
{
    Point const centre = crown.centre + reach;
    std::uint8_t const below = height_code(crown.height * 0.55);
    double const squared = crown.radius * crown.radius;
    std::int32_t const top = std::max(first_centre_from(centre.y - crown.radius), window_.y);
    std::int32_t const bottom =
        std::min(first_centre_from(centre.y + crown.radius), window_.y + window_.height);
    std::int32_t const left_x = std::max(first_centre_from(centre.x - crown.radius), window_.x);
    std::int32_t const right_x =
        std::min(first_centre_from(centre.x + crown.radius), window_.x + window_.width);
    auto const inverse = static_cast<float>(1 / squared);
    for (std::int32_t y = top - window_.y; y < bottom - window_.y; ++y) {
        auto const dy = static_cast<float>(window_.y + y + 0.5 - centre.y);
        auto const centre_x = static_cast<float>(centre.x - window_.x - 0.5);
        std::int8_t const* const mottle = noise_.mottle.data() + at(y);
        std::uint8_t const* const height = height_.data() + at(y);
        std::uint8_t* const shadow = shadow_.data() + at(y);
        for (std::int32_t x = left_x - window_.x; x < right_x - window_.x; ++x) {
            float const dx = static_cast<float>(x) - centre_x;
            bool const inside = (dx * dx + dy * dy) * inverse + static_cast<float>(mottle[x]) * 0.004F < 0.8F;
            shadow[x] |= inside && height[x] < below ? 255 : 0;
        }
    }
}

} // namespace ardoise::sample
