// SPDX-License-Identifier: Apache-2.0
// What the server counts, as Prometheus reads it.
#pragma once

#include "cache/caches.hpp"
#include "server/http/server.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace ardoise {

/// Of the catalog. Safe to share.
struct CatalogCounts {
    std::atomic<std::size_t> layers = 0;
    std::atomic<std::uint64_t> reloads = 0, failed_reloads = 0;
};

/// Prometheus' text format, 0.0.4. The table of names stands in README.md.
std::string metrics(HttpCounts const& http, Caches const& caches, CatalogCounts const& catalog,
                    std::chrono::system_clock::time_point started);

} // namespace ardoise
