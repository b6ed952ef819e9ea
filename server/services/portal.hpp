// SPDX-License-Identifier: Apache-2.0
// The web pages: files that are read once, at the start, and kept.
#pragma once

#include "server/services/site.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace ardoise {

/// Every file below `folder`, by the address under which it is served ("/" is index.html). A folder that does
/// not exist gives a page that says so; nothing that a client sends ever becomes a path.
std::map<std::string, Response, std::less<>> read_portal(std::filesystem::path const& folder);

/// The page or file at `path`, or the list of layers at /layers.json; nothing when there is none.
std::optional<Response> portal_page(std::string_view path, Site const& site);

} // namespace ardoise
