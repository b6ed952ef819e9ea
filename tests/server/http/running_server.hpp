// SPDX-License-Identifier: Apache-2.0
// A server on a free port of the loopback, running until the test lets go of it.
#pragma once

#include "server/http/server.hpp"
#include "tests/server/http/raw_client.hpp"

#include <future>
#include <thread>

namespace ardoise {

/// Small timeouts, two threads of each kind.
inline HttpOptions test_options()
{
    HttpOptions options;
    options.port = 0;
    options.io_threads = 2;
    options.render_threads = 2;
    options.drain_timeout = std::chrono::seconds{20};
    return options;
}

/// Answers with the path as text.
inline Reply echo_path(Request const& request)
{
    return text_response(200, "text/plain", request.path);
}

class RunningServer {
public:
    explicit RunningServer(Handler handler = echo_path, HttpOptions options = test_options())
        : server_{std::move(options), std::move(handler)}, ended_{over_.get_future()}, thread_{[this] {
              server_.run();
              over_.set_value();
          }}
    {
    }
    ~RunningServer() { server_.stop(); }

    RawClient client() const { return RawClient{server_.port()}; }
    std::uint16_t port() const { return server_.port(); }
    HttpCounts counts() const { return server_.counts(); }
    void stop() { server_.stop(); }
    void wait_until_run_returns() { ended_.wait(); }
    bool has_ended() const { return ended_.wait_for(std::chrono::seconds{0}) == std::future_status::ready; }

private:
    HttpServer server_;
    std::promise<void> over_;
    std::future<void> ended_;
    std::jthread thread_; // last: it uses all of the above
};

/// Opened once, for threads to wait at.
class Gate {
public:
    void open() { opened_.set_value(); }
    void wait() const { open_.wait(); }

private:
    std::promise<void> opened_;
    std::shared_future<void> open_{opened_.get_future()};
};

} // namespace ardoise
