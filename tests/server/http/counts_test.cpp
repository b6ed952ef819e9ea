// SPDX-License-Identifier: Apache-2.0
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace ardoise;

TEST_CASE("responses are counted by class and bytes by number, over all threads")
{
    auto options = test_options();
    options.io_threads = 4;
    RunningServer const server{[](Request const& request) {
                                   return text_response(request.path == "/no" ? 404 : 200, "text/plain",
                                                        "body");
                               },
                               options};
    std::size_t received = 0;
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(server.client());
        for (auto const* path : {"/yes", "/yes", "/no"}) {
            auto const response = clients.back().ask(get(path));
            received += response.head.size() + response.body.size();
        }
    }
    auto client = server.client();
    client.send("nonsense\r\n\r\n");
    received += client.receive_all().size();
    auto const counts = server.counts();
    CHECK(counts.responses == decltype(counts.responses){0, 0, 40, 0, 21, 0});
    while (server.counts().bytes_sent < received) // counted after the client has them
        std::this_thread::yield();
    CHECK(server.counts().bytes_sent == received);
}

TEST_CASE("connections are counted while they are open, and those that were refused")
{
    auto options = test_options();
    options.max_connections = 2;
    RunningServer const server{echo_path, options};
    {
        auto first = server.client(), second = server.client();
        REQUIRE(first.ask(get("/a")).status == 200);
        REQUIRE(second.ask(get("/a")).status == 200);
        CHECK(server.counts().connections == 2);
        CHECK(server.counts().connections_refused == 0);
        CHECK(server.client().is_closed());
        CHECK(server.counts().connections_refused == 1);
    }
    while (server.counts().connections > 0)
        std::this_thread::yield();
}

TEST_CASE("work is counted while it waits and runs, and by why it was never done")
{
    auto options = test_options();
    options.io_threads = options.render_threads = 1;
    options.render_queue = 1;
    Gate gate;
    RunningServer const server{[&](Request const& request) -> Reply {
                                   if (request.path == "/light")
                                       return echo_path(request);
                                   return Work{[&] {
                                       gate.wait();
                                       return text_response(200, "text/plain", "done");
                                   }};
                               },
                               options};
    auto drawn = server.client();
    drawn.send(get("/wait"));
    while (server.counts().drawing.running == 0)
        std::this_thread::yield();
    auto leaver = server.client();
    leaver.send(get("/wait"));
    while (server.counts().drawing.waiting == 0)
        std::this_thread::yield();
    CHECK(server.client().ask(get("/wait")).status == 503);
    CHECK(server.counts().drawing.refused == 1);
    leaver.reset();
    while (server.counts().drawing.forsaken == 0)
        std::this_thread::yield();
    CHECK(server.counts().drawing.waiting == 0);
    CHECK(server.counts().drawing.late == 0);
    gate.open();
    CHECK(drawn.receive().body == "done");
    while (server.counts().drawing.running > 0)
        std::this_thread::yield();
}

TEST_CASE("an address is a loopback or it is not")
{
    for (auto const* address : {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
        CHECK(is_loopback(address));
    for (auto const* address :
         {"0.0.0.0", "::", "192.0.2.1", "10.0.0.1", "example.org", "", "127.0.0.1.example.org"})
        CHECK_FALSE(is_loopback(address));
}
