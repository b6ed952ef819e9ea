// SPDX-License-Identifier: Apache-2.0
// What the command line of `ardoise-server` says.
#pragma once

#include "cache/caches.hpp"
#include "server/catalog/catalog.hpp"
#include "server/http/server.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

namespace ardoise {

class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct ServerOptions {
    CatalogOptions catalog;
    HttpOptions http;
    std::optional<HttpOptions> admin; // where it listens, on this machine only
    std::filesystem::path portal;     // folder of the web pages
    std::chrono::seconds watch{};     // between two looks at the catalog's files; 0: none
    CacheSizes caches;                // of descriptors it says nothing
    bool is_check = false;            // whether to say what is wrong, instead of serving
    /// Why the file of --config could not be used, where that is what is asked for; else it is thrown.
    std::string configuration_mistake;
};

/// Prints the help or the version and returns nothing when that is asked for. Throws UsageError.
std::optional<ServerOptions> parse_options(int count, char** values);

} // namespace ardoise
