// SPDX-License-Identifier: Apache-2.0
// The styles of a layer: those of the library that its description names, with what it says of them.
#pragma once

#include "pyramid/base/handwritten_json.hpp"
#include "pyramid/store/pyramid.hpp"
#include "styles/style_library.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ardoise {

struct Layer;
struct WaterLevels;

/// A style as a layer has it.
struct LayerStyle : Style {
    /// A product: the layer whose values are shown, as that of the same ground in infrared. Null: the layer's
    /// own.
    std::shared_ptr<Layer const> shown = nullptr;
    /// A layer that is draped over the relief: its colours are darkened and lightened by the style's grey.
    std::shared_ptr<Layer const> draped = nullptr;
    /// The same at each water level that can be asked for. Null: it has none, or is one of these.
    std::shared_ptr<WaterLevels const> levels = nullptr;
    bool is_passing =
        false; // another is shown by the same name soon: of a level that is read again and again
};

using LayersByName = std::map<std::string, std::shared_ptr<Layer const>, std::less<>>;

/// What styles may name.
struct StyleSources {
    StyleLibrary const& library;
    LayersByName const& layers; // of pyramids
};

/// "styles" of a layer's description: each fits the data that it is for. `json`: that list, in `file`;
/// `pyramid`: the layer's own. Throws Failure naming file and key.
std::vector<LayerStyle> read_layer_styles(HandwrittenJson const& file, JsonReader const& json,
                                          Pyramid const& pyramid, StyleSources const& sources);

/// The other layers that a description's styles name, and for which it has to wait until they have been
/// read.
std::vector<std::string> named_layers(HandwrittenJson const& file);

} // namespace ardoise
