// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/handwritten_json.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace ardoise {

namespace {

/// How many letters must be put in, left out or replaced to make one name the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1); // from what was read of `a` to each beginning of `b`
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (char const letter : a) {
        auto diagonal = row[0]++;
        for (std::size_t i = 0; i < b.size(); ++i) {
            auto const replaced = diagonal + (letter == b[i] ? 0 : 1);
            diagonal = row[i + 1];
            row[i + 1] = std::min({replaced, diagonal + 1, row[i] + 1});
        }
    }
    return row.back();
}

std::string_view nearest(std::string_view name, std::initializer_list<std::string_view> known)
{
    constexpr std::size_t longest = 80; // beyond that nobody mistyped it
    return *std::min_element(known.begin(), known.end(), [&](auto const& a, auto const& b) {
        return distance(name.substr(0, longest), a) < distance(name.substr(0, longest), b);
    });
}

} // namespace

HandwrittenJson::HandwrittenJson(std::filesystem::path const& file)
    : HandwrittenJson{read_text(file, 1 << 20), file.string()}
{
}

HandwrittenJson::HandwrittenJson(std::string text, std::string source)
    : text_{std::move(text)}, source_{std::move(source)}, document_{parse_json(text_, source_)}
{
}

void HandwrittenJson::check_names(JsonReader const& object,
                                  std::initializer_list<std::string_view> known) const
{
    auto const* members = object.json().as<Json::Object>();
    if (members == nullptr)
        object.refuse("expected an object");
    for (auto const& [name, value] : *members)
        if (std::find(known.begin(), known.end(), name) == known.end())
            object.refuse(fmt::format("line {}: there is no key \"{}\"; the nearest is \"{}\"",
                                      line_of(value, document_, text_), name, nearest(name, known)));
}

std::string read_words(JsonReader const& json)
{
    auto const& text = json.string();
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        json.refuse("is empty; leave it out, or write something");
    return text;
}

std::vector<std::string> read_list_of_words(JsonReader const& json)
{
    std::vector<std::string> list;
    for (auto const& item : json.items())
        list.push_back(read_words(item));
    return list;
}

std::string read_web_address(JsonReader const& json)
{
    auto const& address = json.string();
    if (!is_web_address(address))
        json.refuse(fmt::format("expected an address like https://ortho.example.fr, not \"{}\"", address));
    return address;
}

bool is_web_address(std::string_view address)
{
    bool const is_one_word = address.find_first_of(" \t\r\n\"<>") == std::string_view::npos;
    auto const host = address.substr(std::min(address.find("//") + 2, address.size()));
    return is_one_word && (address.starts_with("http://") || address.starts_with("https://")) &&
           !host.empty() && host.front() != '/';
}

} // namespace ardoise
