// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/own_addresses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ardoise {

namespace {

constexpr std::pair<std::string_view, OwnAddress> words[] = {
    {"wmts", OwnAddress::wmts}, {"wms", OwnAddress::wms},       {"xyz", OwnAddress::xyz},
    {"tms", OwnAddress::tms},   {"ogcapi", OwnAddress::ogcapi}, {"health", OwnAddress::health}};

constexpr std::string_view endings_of_files[] = {".css", ".html", ".ico", ".js", ".json",
                                                 ".png", ".svg",  ".txt", ".xml"};

bool ends_as_file(std::string_view name)
{
    return std::any_of(std::begin(endings_of_files), std::end(endings_of_files),
                       [name](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace

std::optional<OwnAddress> find_own_address(std::string_view first_piece)
{
    for (auto const& [word, address] : words)
        if (word == first_piece)
            return address;
    return first_piece.empty() || ends_as_file(first_piece) ? std::optional{OwnAddress::file} : std::nullopt;
}

std::optional<std::string> conflict_with_own_address(std::string_view name)
{
    auto const address = find_own_address(name);
    if (!address)
        return std::nullopt;
    return *address == OwnAddress::file
               ? fmt::format("addresses that end as \"{}\" are those of the service's own files: choose a "
                             "name without that ending",
                             name)
               : fmt::format("/{} is an address of the service itself: choose another name", name);
}

} // namespace ardoise
