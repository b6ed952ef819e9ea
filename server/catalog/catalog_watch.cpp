// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/catalog_watch.hpp"

#include "pyramid/base/log.hpp"

#include <utility>

namespace ardoise {

void CatalogWatch::remember()
{
    remembered_ = last_seen_ = look();
    looks_without_rest_ = 0;
}

bool CatalogWatch::sees_change()
{
    return is_change(look());
}

bool CatalogWatch::sees_settled_change()
{
    constexpr int most_looks_without_rest = 12;
    auto const now = look();
    auto const before = std::exchange(last_seen_, now);
    if (!is_change(now)) {
        looks_without_rest_ = 0;
        return false;
    }
    return now == before || ++looks_without_rest_ >= most_looks_without_rest;
}

/// What is published stays while nothing is to be seen; that is worth a line, but not one a look.
CatalogWatch::Traces CatalogWatch::look()
try {
    auto traces = traces_of_catalog(options_);
    is_blind_ = false;
    return traces;
} catch (std::exception const& failure) {
    if (!std::exchange(is_blind_, true))
        log(LogLevel::warning, "cannot look for changes", {{"reason", failure.what()}});
    return std::nullopt;
}

} // namespace ardoise
