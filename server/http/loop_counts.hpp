// SPDX-License-Identifier: Apache-2.0
// What one loop counts of its connections. Internal to server/http.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace ardoise {

/// A number that one thread counts up and others read: as cheap as one that nobody else sees.
class OwnCount {
public:
    void add(std::uint64_t more)
    {
        value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
    std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// Counted by the loop's thread, on cache lines of its own.
struct alignas(64) LoopCounts {
    std::array<OwnCount, 6> responses; // by the first digit of their status
    OwnCount bytes_sent;
    OwnCount connections_refused;
};

} // namespace ardoise
