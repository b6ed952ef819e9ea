// SPDX-License-Identifier: Apache-2.0
// The memory that responses hold until their clients have taken them. Internal to server/http.
#pragma once

#include "server/exchange/response.hpp"
#include "server/http/loop_counts.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>

namespace ardoise {

/// Bytes of unsent bodies, all loops together, against how many there may be.
class UnsentBudget {
public:
    explicit UnsentBudget(std::size_t most) : most_{most} {}
    void add(std::size_t bytes) { bytes_ += bytes; }
    void subtract(std::size_t bytes) { bytes_ -= bytes; }
    bool has_room_for(std::size_t more) const { return bytes_ + more <= most_; }
    std::size_t bytes() const { return bytes_; }

private:
    std::size_t const most_;
    std::atomic<std::size_t> bytes_ = 0;
};

/// The bodies of one loop that lie in memory of their own and that sockets did not take at once. One that
/// several clients wait for counts once. Where there is more of them than the budget allows, clients are let
/// go of: each time one of those that cost most by size and age. Never the newcomer, so a body larger than
/// the budget can be had as well.
/// Used by the loop's thread only; the budget may be shared.
class UnsentBodies {
public:
    UnsentBodies(UnsentBudget& budget, OwnCount& let_go_of) : budget_{budget}, let_go_of_{let_go_of} {}

    /// Counts a body for a client that has not taken all of it, while this lasts.
    class Hold {
    public:
        /// `now` in seconds. `let_go` closes the client's connection; it is called once at most.
        Hold(UnsentBodies& all, SharedBytes const& body, std::int64_t now, std::function<void()> let_go);
        ~Hold();
        Hold(Hold const&) = delete;
        Hold& operator=(Hold const&) = delete;

    private:
        friend class UnsentBodies;
        UnsentBodies& all_;
        void const* const body_;
        std::int64_t const since_;
        std::function<void()> const let_go_;
        bool counts_ = true;
    };

    /// Lets go of clients of this loop until `more` bytes find room or none is left. To be called with 0 now
    /// and then: other loops draw on the same budget.
    void make_room(std::size_t more, std::int64_t now);

private:
    struct Body {
        std::size_t bytes = 0;
        std::list<Hold*> clients = {}; // in the order of their coming
        /// Byte seconds, shared by the clients.
        double cost(std::int64_t now) const;
    };

    void enter(Hold& client, std::size_t bytes);
    void leave(Hold& client);

    UnsentBudget& budget_;
    OwnCount& let_go_of_;
    std::map<void const*, Body> bodies_; // by where they lie
};

} // namespace ardoise
