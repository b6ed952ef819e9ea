// SPDX-License-Identifier: Apache-2.0
// The memory that responses hold until their clients have taken them. Internal to server/http.
#pragma once

#include "pyramid/base/bytes.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>

namespace ardoise {

/// Bodies that lie in memory of their own and that sockets did not take at once, of all loops. One that
/// several clients wait for counts once. Where there would be more bytes of them than may be, bodies give
/// way: first the one that will be held longest, as the fastest of its clients goes on; these are let go of.
/// A newcomer never gives way to itself, so a body larger than all that may be can be had as well. Safe to
/// share.
class UnsentBodies {
public:
    explicit UnsentBodies(std::size_t most) : most_{most} {}
    UnsentBodies(UnsentBodies const&) = delete;
    UnsentBodies& operator=(UnsentBodies const&) = delete;

    /// Counts a body for a client that has not taken all of it, while this lasts.
    class Hold {
    public:
        /// `let_go` has the client's connection closed by its own thread: it is called from any thread, once
        /// at most, and not after the end of this.
        Hold(UnsentBodies& all, SharedBytes const& body, std::function<void()> let_go);
        ~Hold();
        Hold(Hold const&) = delete;
        Hold& operator=(Hold const&) = delete;

        /// Bytes of the body that the socket has taken by now.
        void took(std::size_t bytes) { taken_.store(bytes, std::memory_order_relaxed); }

    private:
        friend class UnsentBodies;
        using Clock = std::chrono::steady_clock;

        /// Seconds until the client has all, if it goes on as it did.
        double remaining(Clock::time_point now) const;

        UnsentBodies& all_;
        ByteView const body_;
        Clock::time_point const since_ = Clock::now();
        std::function<void()> const let_go_;
        std::atomic<std::size_t> taken_ = 0;
        bool counts_ = true; // guarded by the mutex of all
    };

    std::size_t bytes() const;
    /// Clients that were let go of.
    std::uint64_t let_go_of() const;

private:
    using Bodies = std::map<void const*, std::list<Hold*>>; // clients of each, by where it lies

    void enter(Hold& client);
    void leave(Hold& client);
    void give_way(Bodies::iterator body);

    std::size_t const most_;
    mutable std::mutex mutex_;
    Bodies bodies_;
    std::size_t bytes_ = 0;
    std::uint64_t let_go_of_ = 0;
};

} // namespace ardoise
