// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/paint.hpp"

#include "pyramid/build/sample/canvas.hpp"
#include "pyramid/build/sample/inks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ardoise::sample {

namespace {

constexpr std::int32_t margin = 1;    // pixels around the window that the blur looks at
constexpr int blur_weight = 36;       // the middle counts four times, in either direction
constexpr double on_the_ground = 0.5; // metres: what is lower is level with the street
constexpr double storey = 2.5;        // metres between two heights at which a shadow's reach is worked out

Box box_of(Window window)
{
    return {static_cast<double>(window.x), static_cast<double>(window.y),
            static_cast<double>(window.x + window.width), static_cast<double>(window.y + window.height)};
}

void lay_down(Canvas& canvas, Scene const& scene)
{
    Box const view = box_of(canvas.window());
    Surface street;
    street.ink = inks::asphalt;
    Scene ground{{-1e7, -1e7, 1e7, 1e7}};
    ground.add({{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}}, street);
    canvas.fill(ground, ground.surfaces[0]);
    for (auto const& item : scene.items) {
        if (item.is_crown) {
            Crown const& crown = scene.crowns[item.index];
            Box const around{crown.centre.x, crown.centre.y, crown.centre.x, crown.centre.y};
            if (overlap(grown(around, crown.radius + 1), view))
                canvas.fill(crown);
        } else if (overlap(grown(scene.surfaces[item.index].box, 1), view)) {
            canvas.fill(scene, scene.surfaces[item.index]);
        }
    }
}

Box swept(Box box, Point reach)
{
    return {std::min(box.x0, box.x0 + reach.x) - 1, std::min(box.y0, box.y0 + reach.y) - 1,
            std::max(box.x1, box.x1 + reach.x) + 1, std::max(box.y1, box.y1 + reach.y) + 1};
}

void cast_shadows(Canvas& canvas, Scene const& scene, Light const& light)
{
    Box const view = box_of(canvas.window());
    Point const per_metre{light.shadow.x / Scene::pixel, -light.shadow.y / Scene::pixel};
    for (auto const& prism : scene.prisms) {
        if (!overlap(swept(prism.box, per_metre * prism.height), view))
            continue;
        std::span<Point const> const corners{scene.corners.data() + prism.first, prism.count};
        if (prism.base > 0) {
            canvas.shade(corners, per_metre * (prism.height - prism.base), prism.base, prism.below);
            continue;
        }
        canvas.shade(corners, per_metre * prism.height, 0, std::min(on_the_ground, prism.below));
        for (double low = on_the_ground; low < prism.below; low += storey)
            canvas.shade(corners, per_metre * std::max(0.3, prism.height - low - storey / 2), low,
                         std::min(low + storey, prism.below));
    }
    for (auto const& crown : scene.crowns) {
        Box const around{crown.centre.x, crown.centre.y, crown.centre.x, crown.centre.y};
        Point const reach = per_metre * (crown.height * 0.75);
        if (overlap(swept(grown(around, crown.radius), reach), view))
            canvas.shade(crown, reach);
    }
}

/// How much of the light stays in the shadow, of 256: the sky is blue, and has little near infrared.
constexpr int shaded[4] = {98, 108, 126, 88};

/// One band in its shadows, blurred from left to right: sums of weight 6.
void blur_row(Canvas const& canvas, int band, std::int32_t y, std::vector<std::uint8_t>& lit,
              std::vector<std::uint16_t>& sums)
{
    std::uint8_t const* const in = canvas.band(band, y);
    std::uint8_t const* const shadow = canvas.shadow(y);
    int const stays = shaded[band];
    for (std::size_t x = 0; x < lit.size(); ++x)
        lit[x] = shadow[x] ? static_cast<std::uint8_t>((in[x] * stays) >> 8) : in[x];
    for (std::size_t x = 0; x < sums.size(); ++x)
        sums[x] = static_cast<std::uint16_t>(lit[x] + 4 * lit[x + 1] + lit[x + 2]);
}

struct Tone {
    int gain = 0;   // of the blur's sums, in 1/1024 of a step's 1/256
    int offset = 0; // in 1/256 of a step
};

Tone tone_of(Light const& light, int band)
{
    double const room = (255 - light.haze) / 255;
    return {static_cast<int>(std::lround(light.gain[band] * room * 256 * 1024 / blur_weight)),
            static_cast<int>(std::lround(light.haze * 256)) + 128};
}

/// Blurs from top to bottom, adds tone and noise, and puts one band's row into the picture.
void develop_row(std::array<std::uint16_t const*, 3> rows, Tone tone, std::int8_t const* bright,
                 std::int8_t const* tint, std::uint8_t* out, std::int32_t width)
{
    auto const [a, b, c] = rows;
    for (std::int32_t x = 0; x < width; ++x) {
        int const blurred = a[x] + 4 * b[x] + c[x];
        int const noise = bright[x] * 26 + tint[x] * 14;
        int const value = ((blurred * tone.gain) >> 10) + tone.offset + noise;
        out[x * 4] = static_cast<std::uint8_t>(std::clamp(value >> 8, 0, 255));
    }
}

void develop(Canvas const& canvas, Textures const& textures, Light const& light, Window window,
             Raster& picture)
{
    auto const width = static_cast<std::size_t>(window.width);
    std::vector<std::uint8_t> lit(width + 2 * margin);
    std::vector<std::int8_t> bright(width), tint(width);
    for (int band = 0; band < 4; ++band) {
        std::vector<std::uint16_t> sums[3];
        for (auto& row : sums)
            row.resize(width);
        Tone const tone = tone_of(light, band);
        blur_row(canvas, band, 0, lit, sums[0]);
        blur_row(canvas, band, 1, lit, sums[1]);
        for (std::int32_t y = 0; y < window.height; ++y) {
            blur_row(canvas, band, y + 2, lit, sums[(y + 2) % 3]);
            std::array<std::uint16_t const*, 3> const rows{sums[y % 3].data(), sums[(y + 1) % 3].data(),
                                                           sums[(y + 2) % 3].data()};
            textures.sensor_row(light.noise, window.x, window.y + y, window.width, bright.data());
            textures.sensor_row(light.noise * static_cast<std::uint64_t>(2 * band + 3), window.x,
                                window.y + y, window.width, tint.data());
            develop_row(rows, tone, bright.data(), tint.data(), picture.row(y) + band, window.width);
        }
    }
}

} // namespace

Raster paint(Scene const& scene, Textures const& textures, Light const& light, Window window)
{
    Window const seen{window.x - margin, window.y - margin, window.width + 2 * margin,
                      window.height + 2 * margin};
    Canvas canvas{seen, textures, light.to_sun};
    lay_down(canvas, scene);
    cast_shadows(canvas, scene, light);
    Raster picture{{window.width, window.height, 4, SampleType::uint8}};
    develop(canvas, textures, light, window, picture);
    return picture;
}

} // namespace ardoise::sample
