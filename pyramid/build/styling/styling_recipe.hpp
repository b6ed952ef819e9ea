// SPDX-License-Identifier: Apache-2.0
// How a styled pyramid was drawn, as its recipe.json says it.
#pragma once

#include "pyramid/store/pyramid.hpp"
#include "styles/style.hpp"

#include <optional>
#include <string>

namespace ardoise {

/// All that decides over the pictures, but the values that they show. The first three stay the same from one
/// revision to the next.
struct StylingRecipe {
    std::filesystem::path of; // descriptor of the pyramid that is shown; without a folder: in the same store
    std::string style;        // its identifier
    std::string format;       // of the tiles, by ROK4's name
    std::string definition;   // all that the style does
    int quality = 85;
    friend bool operator==(StylingRecipe const&, StylingRecipe const&) = default;
};

/// What the style does to values of a pyramid, what was settled for that one included.
std::string full_definition(Style const& style);

/// The text of recipe.json. `fingerprint` is of the slab files that are shown.
std::string to_text(StylingRecipe const& recipe, std::uint64_t fingerprint);

/// That of a revision in `folder`; nothing where it is no styled pyramid's. Throws Failure when it is not
/// what it should be.
std::optional<StylingRecipe> read_styling_recipe(std::filesystem::path const& folder);

} // namespace ardoise
