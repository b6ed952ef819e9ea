// SPDX-License-Identifier: Apache-2.0
#include "styles/style_library.hpp"

#include "styles/level_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

StyleLibrary::StyleLibrary(std::vector<std::filesystem::path> const& files, StyleLibrary const* before)
{
    for (auto const& style : shipped_styles())
        styles_.emplace(style.identifier, style);
    for (auto const& file : files)
        try {
            add(file, before);
        } catch (std::exception const& failure) {
            mistakes_.push_back({file, failure.what()});
        }
}

void StyleLibrary::add(std::filesystem::path const& file, StyleLibrary const* before)
{
    auto name = file.stem().string();
    auto style = parse_style(HandwrittenJson{file});
    if (style.water && !style.water->current_file.empty()) {
        auto const* same = before ? before->find(name) : nullptr;
        read_current(file.parent_path() / style.water->current_file, same, style);
    }
    styles_.insert_or_assign(std::move(name), std::move(style));
}

void StyleLibrary::read_current(std::filesystem::path const& file, Style const* before, Style& style)
try {
    style.water->current = read_level(file, *style.water);
} catch (std::exception const& failure) {
    mistakes_.push_back({.file = file,
                         .reason = fmt::format("{}: the height that it said last stays for as long as it is "
                                               "believed, then the style's default is shown",
                                               failure.what()),
                         .leaves_style_out = false});
    if (before && before->water && before->definition == style.definition)
        style.water->current = before->water->current;
}

Style const* StyleLibrary::find(std::string_view name) const
{
    auto const found = styles_.find(name);
    return found == styles_.end() ? nullptr : &found->second;
}

bool StyleLibrary::refuses(std::string_view name) const
{
    return std::any_of(mistakes_.begin(), mistakes_.end(), [name](StyleMistake const& mistake) {
        return mistake.leaves_style_out && mistake.file.stem() == name;
    });
}

std::string StyleLibrary::names() const
{
    std::vector<std::string_view> names;
    for (auto const& [name, style] : styles_)
        names.push_back(name);
    return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace ardoise
