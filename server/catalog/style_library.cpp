// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/style_library.hpp"

#include "server/catalog/level_reading.hpp"

#include <fmt/format.h>

namespace ardoise {

StyleLibrary::StyleLibrary(std::vector<std::filesystem::path> const& files)
{
    for (auto const& style : shipped_styles())
        styles_.emplace(style.identifier, style);
    for (auto const& file : files)
        try {
            add(file);
        } catch (std::exception const& failure) {
            mistakes_.push_back({file, failure.what()});
        }
}

void StyleLibrary::add(std::filesystem::path const& file)
{
    auto style = parse_style(HandwrittenJson{file});
    if (style.water && !style.water->current_file.empty())
        try {
            style.water->current = read_level(file.parent_path() / style.water->current_file, *style.water);
        } catch (std::exception const& failure) {
            mistakes_.push_back({file, failure.what()});
        }
    styles_.insert_or_assign(file.stem().string(), std::move(style));
}

Style const* StyleLibrary::find(std::string_view name) const
{
    auto const found = styles_.find(name);
    return found == styles_.end() ? nullptr : &found->second;
}

std::string StyleLibrary::names() const
{
    std::vector<std::string_view> names;
    for (auto const& [name, style] : styles_)
        names.push_back(name);
    return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace ardoise
