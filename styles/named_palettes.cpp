// SPDX-License-Identifier: Apache-2.0
#include "styles/named_palettes.hpp"

#include "pyramid/base/json.hpp"
#include "styles/hex_colour.hpp"
#include "styles/library.hpp"

#include <algorithm>

namespace ardoise {

namespace {

constexpr std::string_view suffix = ".json";

std::string_view name_of(LibraryFile const& file)
{
    return file.name.substr(0, file.name.size() - suffix.size());
}

} // namespace

std::vector<PaletteColour> named_colours(std::string_view name)
{
    auto const files = palette_library();
    auto const found = std::find_if(files.begin(), files.end(),
                                    [&](LibraryFile const& file) { return name_of(file) == name; });
    std::vector<PaletteColour> colours;
    if (found == files.end())
        return colours;
    auto const json = parse_json(found->text, found->name);
    for (auto const& colour : JsonReader{json, std::string{found->name}}.at("colours").items())
        colours.push_back(read_hex_colour(colour));
    return colours;
}

std::string palette_names()
{
    std::string names;
    for (auto const& file : palette_library())
        names += (names.empty() ? "" : ", ") + std::string{name_of(file)};
    return names;
}

} // namespace ardoise
