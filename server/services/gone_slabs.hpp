// SPDX-License-Identifier: Apache-2.0
// What is done when requests meet slabs that are gone.
#pragma once

#include "cache/slab_cache.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>

namespace ardoise {

/// Safe to share.
class GoneSlabs {
public:
    /// `tell` is called for every request that met some.
    explicit GoneSlabs(std::function<void()> tell) : tell_{std::move(tell)} {}

    /// Writes a line in the log where that is news, and tells.
    void meet(SlabsGone const& gone);
    /// Whether nothing was said of that layer for a second: a crowd may ask for what it has lost.
    bool is_news(std::uint64_t serial, std::chrono::steady_clock::time_point now);

private:
    std::function<void()> tell_;
    std::mutex mutex_;
    std::map<std::uint64_t, std::chrono::steady_clock::time_point> said_; // of the last second, by serial
};

} // namespace ardoise
