// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <vector>

using namespace ardoise;

namespace {

/// Every request is work that says it has started, then waits for `gate`.
Handler slow(std::atomic<int>& started, Gate const& gate)
{
    return [&](Request const&) -> Reply {
        return Work{[&] {
            ++started;
            gate.wait();
            return text_response(200, "text/plain", "done");
        }};
    };
}

void wait_until(std::atomic<int> const& number, int expected)
{
    while (number != expected)
        std::this_thread::yield();
}

} // namespace

TEST_CASE("stop ends run, with and without connections")
{
    for (int connections : {0, 1, 20}) {
        RunningServer server;
        std::vector<RawClient> clients;
        for (int i = 0; i < connections; ++i) {
            clients.push_back(server.client());
            REQUIRE(clients.back().ask(get("/a")).status == 200);
        }
        server.stop();
        server.wait_until_run_returns();
        for (auto& client : clients)
            CHECK(client.is_closed());
        CHECK_THROWS_AS(server.client(), Failure);
    }
}

TEST_CASE("stop closes a connection that never said a word")
{
    RunningServer server;
    auto silent = server.client();
    REQUIRE(server.client().ask(get("/a")).status == 200);
    server.stop();
    server.wait_until_run_returns();
    CHECK(silent.is_closed());
}

TEST_CASE("stop lets work in flight end, says that the connection closes, then run returns")
{
    std::atomic<int> started = 0;
    Gate gate;
    RunningServer server{slow(started, gate)};
    auto busy = server.client();
    auto idle = server.client();
    busy.send(get("/wait"));
    wait_until(started, 1);
    server.stop();
    CHECK(idle.is_closed());
    CHECK_FALSE(server.has_ended());
    gate.open();
    auto const response = busy.receive();
    CHECK(response.body == "done");
    CHECK(response.header("connection") == "close");
    CHECK(busy.is_closed());
    server.wait_until_run_returns();
}

TEST_CASE("stop lets a request that is half received be finished")
{
    RunningServer server;
    auto client = server.client();
    auto idle = server.client();
    REQUIRE(client.ask(get("/first")).status == 200);
    client.send("GET /second HTTP/1.1\r\nHo");
    for (int i = 0; i < 40; ++i) // gives each thread something to do after those bytes
        REQUIRE(server.client().ask(get("/other")).status == 200);
    server.stop();
    CHECK(idle.is_closed());
    auto const response = client.ask("st: h\r\n\r\n");
    CHECK(response.body == "/second");
    CHECK(response.header("connection") == "close");
    server.wait_until_run_returns();
}

TEST_CASE("work that outlasts the drain timeout is not waited for by its connection")
{
    auto options = test_options();
    options.drain_timeout = std::chrono::seconds{1};
    options.render_threads = 1;
    std::atomic<int> started = 0;
    Gate gate;
    RunningServer server{slow(started, gate), options};
    auto first = server.client();
    auto queued = server.client();
    auto half = server.client();
    half.send("GET / HTTP/1.1\r\n");
    first.send(get("/wait"));
    wait_until(started, 1);
    queued.send(get("/wait"));
    server.stop();
    CHECK(half.is_closed()); // the drain has ended, though the work has not
    CHECK(started == 1);
    gate.open();
    server.wait_until_run_returns();
}

TEST_CASE("stop may be called twice, before run and from a handler")
{
    {
        HttpServer server{test_options(), echo_path};
        server.stop();
        server.stop();
        server.run();
    }
    HttpServer* itself = nullptr;
    HttpServer server{test_options(), [&](Request const& request) {
                          itself->stop();
                          return echo_path(request);
                      }};
    itself = &server;
    std::jthread const runner{[&] { server.run(); }};
    CHECK(RawClient{server.port()}.ask(get("/last")).body == "/last");
}

TEST_CASE("requests sent before stop are answered or their connection is closed, never left waiting")
{
    RunningServer server;
    std::vector<RawClient> clients;
    for (int i = 0; i < 50; ++i) {
        clients.push_back(server.client());
        clients.back().send(get("/a"));
    }
    server.stop();
    for (auto& client : clients) {
        auto const answer = client.receive_all();
        CHECK((answer.empty() || answer.ends_with("\r\n\r\n/a")));
    }
    server.wait_until_run_returns();
}
