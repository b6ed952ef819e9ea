// SPDX-License-Identifier: Apache-2.0
// One client's connection: read a request, answer it, again. Internal to server/http: it shows Asio.
#pragma once

#include "server/http/loop_counts.hpp"
#include "server/http/request_reader.hpp"
#include "server/http/response_head.hpp"
#include "server/http/sockets.hpp"
#include "server/http/unsent_bodies.hpp"
#include "server/http/work_pool.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace ardoise {

/// What all connections of one io_context have in common. Handler and pools are safe to share; the rest
/// belongs to the thread of that io_context.
struct Surroundings {
    HttpOptions const& options;
    Handler const& handler;
    WorkPools& pools;
    LoopCounts& counts;
    UnsentBodies& unsent;
    std::int64_t ticks = 0; // a clock of seconds that stands still while its thread is held up
    std::string date = {};  // as the Date header gives it
    bool stopping = false;
};

/// Used by the thread of its io_context only. It has no timer: whoever owns it calls sweep() once a tick.
class Connection {
public:
    Connection(Socket socket, Surroundings const& surroundings);

    /// Serves the client until it leaves, breaks a limit, or the server stops.
    Awaitable<void> serve();

    /// Closes the connection if its deadline has passed, and lets go of the work that it waits for if the
    /// client has left.
    void sweep();
    /// After Surroundings::stopping was set: leaves now if idle, else after the request in hand.
    void stop();
    void close();

private:
    static constexpr auto never = std::numeric_limits<std::int64_t>::max();

    void set_deadline(std::chrono::seconds from_now);
    void set_reading_deadline();

    Awaitable<void> receive();
    void take_what_is_here();
    void received(std::size_t bytes, boost::system::error_code const& trouble);

    Awaitable<void> answer();
    Awaitable<Response> wait_for(Work work);
    Awaitable<void> refuse();
    Awaitable<void> invite();
    Persistence persistence() const;

    void compose(Response& response, Persistence persistence);
    bool send_at_once();
    Awaitable<void> send_slowly(SharedBytes const& body);
    void tell_hold();
    Awaitable<void> send_rest();
    void sent(std::size_t bytes, boost::system::error_code const& trouble);
    std::size_t write_some(boost::system::error_code& trouble);
    std::size_t send_from_file(boost::system::error_code& trouble);
    std::array<asio::const_buffer, 2> unsent() const;
    bool has_unread_bytes() const;
    Awaitable<void> linger();
    void leave();
    void cut();

    Socket socket_;
    Surroundings const& surroundings_;
    RequestReader reader_;
    beast::flat_buffer received_;
    std::string head_;
    ByteView body_;                      // of the response being sent, which answer() keeps alive
    std::optional<FilePlace> file_;      // of the body's bytes
    std::size_t sent_ = 0;               // bytes of head and body together
    UnsentBodies::Hold* hold_ = nullptr; // while send_slowly() holds the body
    std::int64_t deadline_ = never;
    std::function<void()> forsake_work_; // while wait_for() waits
    int in_a_row_ = 0;                   // requests answered without having waited for the client
    bool reading_deadline_is_set_ = false;
    bool is_receiving_ = false;
    bool leaving_ = false;
};

} // namespace ardoise
