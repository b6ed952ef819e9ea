// SPDX-License-Identifier: Apache-2.0
// A scene as the camera saw it: surfaces, then shadows, then blur, tone and noise.
#pragma once

#include "pyramid/build/sample/light.hpp"
#include "pyramid/build/sample/scene.hpp"
#include "pyramid/build/sample/textures.hpp"

#include "pyramid/raster/raster.hpp"

namespace ardoise::sample {

/// Red, green, blue and near infrared of a window. Two windows that overlap agree on every pixel, so long as
/// both scenes hold everything within `reach_of_things` metres of them.
Raster paint(Scene const& scene, Textures const& textures, Light const& light, Window window);

/// How far outside a window something can stand and still be seen in it by its shadow, in metres.
constexpr double reach_of_things = 40;

} // namespace ardoise::sample
