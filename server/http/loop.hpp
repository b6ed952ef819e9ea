// SPDX-License-Identifier: Apache-2.0
// One io_context with its listening socket, its connections and its clock: a core's share of the server.
// Internal to server/http: it shows Asio.
#pragma once

#include "server/http/connection.hpp"

#include <atomic>
#include <exception>
#include <list>

namespace ardoise {

/// How many connections there are, all loops together, against how many there may be.
class ConnectionCount {
public:
    explicit ConnectionCount(std::size_t limit) : limit_{limit} {}
    /// False when there are as many as may be.
    bool enter();
    void leave() { --open_; }
    std::size_t open() const { return open_; }

private:
    std::size_t const limit_;
    std::atomic<std::size_t> open_ = 0;
};

/// run() on one thread; stop() and counts() from any; the rest belongs to the thread of run().
class Loop {
public:
    Loop(HttpOptions const& options, Handler const& handler, WorkPools& pools, ConnectionCount& count,
         UnsentBodies& unsent);

    /// Listens on `endpoint`, which other loops may share.
    void listen(asio::ip::tcp::endpoint const& endpoint, boost::system::error_code& trouble);
    std::uint16_t port() const;
    /// Serves until stop(), then until the last connection has ended or drain_timeout has passed.
    void run();
    void stop();
    LoopCounts const& counts() const { return counts_; }

private:
    Awaitable<void> accept_clients();
    Awaitable<void> pause_accepting(boost::system::error_code trouble);
    void admit(Socket socket);
    void admit_those_waiting();
    void begin_to_stop();
    Awaitable<void> keep_time();
    void tick();
    void give_up();

    LoopCounts counts_;
    Surroundings surroundings_;
    ConnectionCount& count_;
    std::int64_t last_tick_;          // of the drain
    std::int64_t next_complaint_ = 0; // the tick from which a failing accept is worth a line again
    asio::io_context context_;
    Acceptor acceptor_;
    Timer tick_timer_;
    std::list<Connection> connections_; // stable addresses: each is used by its coroutine
};

} // namespace ardoise
