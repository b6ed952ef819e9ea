// SPDX-License-Identifier: Apache-2.0
// The sockets: HTTP/1.1 in, handler, HTTP/1.1 out.
#pragma once

#include "server/exchange/response.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ardoise {

/// Limits of one listener. Every one of them holds per connection unless it says otherwise.
struct HttpOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;     // 0: any free one
    unsigned io_threads = 0;       // 0: one per core
    unsigned render_threads = 0;   // 0: one per core
    unsigned reading_threads = 16; // that many reads a disk or a server of files may put in order
    std::size_t render_queue =
        128; // work waiting, all connections together; more is answered 503 + Retry-After
    std::size_t max_connections = 10'000;     // all together; more are closed at once
    std::size_t max_unsent_bytes = 512 << 20; // of bodies that clients have not taken, all together: beyond,
                                              // those are closed who would take longest
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_body_bytes = 64 << 10;
    bool any_page_may_read = true;            // Access-Control-Allow-Origin: *
    std::chrono::seconds idle_timeout{75};    // between requests
    std::chrono::seconds request_timeout{15}; // from a request's first byte to the end of its header and body
    std::chrono::seconds write_timeout{60};   // without a byte taken by the client; and all of a
                                              // response in that and a second for each 16 kB
    std::chrono::seconds queue_timeout{15};   // work that waits longer for a render thread is answered 503
    std::chrono::seconds work_timeout{60};    // work that takes longer once begun is answered 503 as well
    std::chrono::seconds drain_timeout{20};   // for requests in flight, after stop()
};

/// What there is of one kind of work, and what became of it.
struct WorkCounts {
    std::size_t waiting = 0, running = 0;
    std::uint64_t done = 0;
    std::uint64_t refused = 0, forsaken = 0,
                  late = 0; // no place; nobody waited any more; waited too long
};

/// What a server has in hand, and what it has done since it was made.
struct HttpCounts {
    std::array<std::uint64_t, 6> responses{}; // by the first digit of their status
    std::uint64_t bytes_sent = 0;
    std::size_t connections = 0;
    std::uint64_t connections_refused = 0; // more than there may be
    std::size_t unsent_bytes = 0;          // of bodies in memory that clients have not taken
    std::uint64_t slow_clients_closed = 0; // as that memory was wanted for others
    WorkCounts drawing, reading;
};

/// Whether only programs of this machine can reach a listener at `address`.
bool is_loopback(std::string const& address);

/// A listener with its threads: one io_context per core, each with its own SO_REUSEPORT socket, and a pool of
/// threads for each kind of work, with a bounded queue.
class HttpServer {
public:
    /// Binds and listens; throws Failure naming address and port (and what to do) when that fails.
    HttpServer(HttpOptions options, Handler handler);
    ~HttpServer();
    HttpServer(HttpServer const&) = delete;
    HttpServer& operator=(HttpServer const&) = delete;

    /// The port really listened on.
    std::uint16_t port() const;
    /// Serves until stop(); then closes the listeners, lets requests in flight end (at most drain_timeout),
    /// returns.
    void run();
    /// Safe to call from any thread.
    void stop();
    /// The same.
    HttpCounts counts() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Calls `on_signal(number)` for SIGTERM, SIGINT and SIGHUP from an ordinary thread (not in a signal
/// handler), until destroyed.
class SignalWatcher {
public:
    explicit SignalWatcher(std::function<void(int)> on_signal);
    ~SignalWatcher();
    SignalWatcher(SignalWatcher const&) = delete;
    SignalWatcher& operator=(SignalWatcher const&) = delete;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace ardoise
