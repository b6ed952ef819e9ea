// SPDX-License-Identifier: Apache-2.0
// Legends: what the colours of layers mean, as pictures.
#pragma once

#include "server/render/language.hpp"
#include "server/render/map.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ardoise {

struct PictureSize {
    std::int32_t width = 0, height = 0; // pixels
};

/// Several layers stand below one another, each under its title. A layer of values is a ramp with ticks, or a
/// column of swatches with their values beside them; one of pictures a small picture of itself.
struct LegendRequest {
    std::vector<StyledLayer> layers;
    Language language = Language::english;
    double scale = 1; // of all lengths
    /// Of a swatch, or the box around a picture; pixels, before they are scaled. A ramp is as wide as a
    /// swatch and as high as ten.
    std::optional<std::int32_t> swatch_width = {}, swatch_height = {};
    PictureFormat format = PictureFormat::png;
    bool transparent = false;
    Colour background = {};
};

/// How large the picture will be, without drawing it.
PictureSize size_of(LegendRequest const& legend);

/// All that it depends on, as text for a tag.
std::string facts_of(LegendRequest const& legend);

/// The encoded picture. Takes time, for small pictures of layers come from their tiles: for render threads.
/// Memory is bounded by size_of().
std::shared_ptr<Bytes const> render_legend(LegendRequest const& legend, Caches& caches);

/// All of a layer in so few pixels: red, green, blue, alpha. Nothing is seen of one that has no level coarse
/// enough to be looked at so. Takes time, likewise.
Raster small_picture(StyledLayer const& styled, PictureSize size, Caches& caches);

} // namespace ardoise
