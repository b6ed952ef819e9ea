// SPDX-License-Identifier: Apache-2.0
// Legends: what the colours of layers mean.
#pragma once

#include "server/render/map.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// A colour of a legend and the values that have it.
struct LegendRow {
    PaletteColour colour; // its value is the least that has it, or the one that does
    std::string label;
};

/// The colours of a layer's values, which are labelled with their unit: of a palette that blends them a dozen
/// or two, from the highest down; of classes each that can be seen, from the lowest. Nothing for pictures,
/// whose colours mean themselves.
std::vector<LegendRow> legend_rows(StyledLayer const& styled);

/// Several layers stand below one another, each under its title. A layer of values is a column of swatches
/// with their values beside them, one of pictures a small picture of itself.
struct LegendRequest {
    std::vector<StyledLayer> layers;
    double scale = 1; // of all lengths
    /// Of a swatch, or the box around a picture; pixels, before they are scaled.
    std::optional<std::int32_t> swatch_width = {}, swatch_height = {};
    PictureFormat format = PictureFormat::png;
    bool transparent = false;
    Colour background = {};
};

struct PictureSize {
    std::int32_t width = 0, height = 0; // pixels
};

/// How large the picture will be, without drawing it.
PictureSize size_of(LegendRequest const& legend);

/// All that it depends on, as text for a tag.
std::string facts_of(LegendRequest const& legend);

/// The encoded picture. Takes time, for small pictures of layers come from their tiles: for render threads.
/// Memory is bounded by size_of().
std::shared_ptr<Bytes const> render_legend(LegendRequest const& legend, Caches& caches);

} // namespace ardoise
