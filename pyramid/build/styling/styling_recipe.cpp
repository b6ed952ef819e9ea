// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/styling/styling_recipe.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json_path.hpp"
#include "pyramid/store/revisions.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// Changes whenever the same style makes another picture of the same values.
constexpr int drawing_version = 1;

} // namespace

std::string full_definition(Style const& style)
{
    auto definition = style.definition;
    if (style.tone)
        for (auto const& [low, high] : style.tone->stretch)
            definition += fmt::format(" {} to {}", low, high);
    return definition;
}

std::string to_text(StylingRecipe const& recipe, std::uint64_t fingerprint)
{
    return Json::object({{"styling", Json::object({{"of", path_json(recipe.of)},
                                                   {"style", recipe.style},
                                                   {"format", recipe.format},
                                                   {"definition", recipe.definition},
                                                   {"quality", recipe.quality},
                                                   {"drawing", drawing_version}})},
                         {"slab_files", fmt::format("{:016x}", fingerprint)}})
        .pretty_text();
}

std::optional<StylingRecipe> read_styling_recipe(std::filesystem::path const& folder)
{
    auto const file = folder / recipe_name;
    if (!is_there(file))
        return std::nullopt;
    auto const document = read_json(file);
    auto const styling = JsonReader{document, file.string()}.find("styling");
    if (!styling)
        return std::nullopt;
    StylingRecipe recipe{.of = read_path(styling->at("of")),
                         .style = styling->at("style").string(),
                         .format = styling->at("format").string(),
                         .definition = styling->at("definition").string(),
                         .quality = static_cast<int>(styling->at("quality").integer(1, 100))};
    if (styling->at("drawing").integer(1, 1'000'000) != drawing_version)
        recipe.definition.clear(); // whatever it said, another picture is drawn by it now
    return recipe;
}

} // namespace ardoise
