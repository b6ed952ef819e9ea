// SPDX-License-Identifier: Apache-2.0
// Good requests, and tables of what makes bad ones of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ardoise::test {

/// One mistake, and the exception that answers it.
struct Mistake {
    std::string change; // "KEY=value" replaces, "KEY=" empties, "-KEY" removes
    char const* code;
    char const* locator = ""; // where the protocol has any
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

extern Parameters const get_tile, get_map, get_map_111;

/// Five thousand digits: what is longer than anything that makes sense.
extern std::string const huge;

/// A good request with one thing changed.
std::string target(std::string const& path, Parameters const& good, std::string const& change);

/// Holds the painted site to it that the good request is answered 200, and each bad one by its code, in
/// `media_type` and with `root` in its text.
void check_all(std::string const& path, Parameters const& good, std::vector<Mistake> const& mistakes,
               char const* media_type, char const* root);

} // namespace ardoise::test
