// SPDX-License-Identifier: Apache-2.0
#include "styles/class_style.hpp"

#include <fmt/format.h>

namespace ardoise {

Style class_style(Pyramid const& pyramid)
{
    Style style;
    style.identifier = "classes";
    style.title = MultilingualText{{{"en", "Classes"}, {"fr", "Classes"}}};
    style.abstract = MultilingualText{{{"en", "The classes of the sources, in their colours"},
                                       {"fr", "Les classes des sources, dans leurs couleurs"}}};
    style.definition = "classes";
    Palette palette{.colours = {}, .is_exact = true};
    for (auto const& [value, colour, label] : pyramid.classes) {
        auto const& [red, green, blue, alpha] = colour;
        palette.colours.push_back({value, red, green, blue, alpha});
        if (!label.empty())
            style.labels.push_back({value, MultilingualText{label}});
        style.definition += fmt::format(" {} {} {} {} {} {}", value, red, green, blue, alpha, label);
    }
    style.palette = std::move(palette);
    return style;
}

} // namespace ardoise
