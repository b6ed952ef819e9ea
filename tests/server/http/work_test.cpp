// SPDX-License-Identifier: Apache-2.0
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>
#include <vector>

using namespace ardoise;

namespace {

/// "/wait" is work that waits at the gate; everything else is light.
Handler waiting_at(Gate const& gate)
{
    return [&gate](Request const& request) -> Reply {
        if (request.path != "/wait")
            return echo_path(request);
        return Work{[&gate] {
            gate.wait();
            return text_response(200, "text/plain", "done");
        }};
    };
}

} // namespace

TEST_CASE("work is done on other threads than light requests")
{
    auto const thread_name = [] {
        return std::to_string(std::hash<std::thread::id>{}(std::this_thread::get_id()));
    };
    RunningServer const server{[&](Request const& request) -> Reply {
        if (request.path == "/light")
            return text_response(200, "text/plain", thread_name());
        return Work{[&] { return text_response(200, "text/plain", thread_name()); }};
    }};
    std::set<std::string> light, heavy;
    for (int i = 0; i < 20; ++i) {
        auto client = server.client();
        light.insert(client.ask(get("/light")).body);
        heavy.insert(client.ask(get("/heavy")).body);
    }
    for (auto const& name : heavy)
        CHECK_FALSE(light.contains(name));
}

TEST_CASE("when the queue is full, more work is answered 503 and light requests as ever")
{
    auto options = test_options();
    options.io_threads = 1;
    options.render_threads = 1;
    options.render_queue = 2;
    Gate gate;
    RunningServer const server{waiting_at(gate), options};
    std::vector<RawClient> waiting;
    for (int i = 0; i < 3; ++i) { // one running, two in the queue
        waiting.push_back(server.client());
        waiting.back().send(get("/wait"));
        REQUIRE(server.client().ask(get("/light")).status ==
                200); // the one thread has read the request before
    }
    auto client = server.client();
    auto const refused = client.ask(get("/wait"));
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after") == "1");
    CHECK(refused.header("access-control-allow-origin") == "*");
    CHECK(client.ask(get("/light")).body == "/light");
    gate.open();
    for (auto& each : waiting)
        CHECK(each.receive().body == "done");
    CHECK(client.ask(get("/wait")).body == "done");
}

TEST_CASE("much work from many clients comes back to each of them")
{
    RunningServer const server{[](Request const& request) -> Reply {
        return Work{[path = request.path] { return text_response(200, "text/plain", path); }};
    }};
    std::vector<RawClient> clients;
    for (int i = 0; i < 50; ++i)
        clients.push_back(server.client());
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < clients.size(); ++i)
            clients[i].send(get("/" + std::to_string(i)));
        for (std::size_t i = 0; i < clients.size(); ++i)
            REQUIRE(clients[i].receive().body == "/" + std::to_string(i));
    }
}

TEST_CASE("work whose client has left is done for nobody, quietly")
{
    Gate gate;
    RunningServer const server{waiting_at(gate)};
    {
        auto client = server.client();
        client.send(get("/wait"));
        REQUIRE(server.client().ask(get("/light")).status == 200);
        client.reset();
    }
    gate.open();
    CHECK(server.client().ask(get("/wait")).body == "done");
}

TEST_CASE("what a response shares is let go once it is sent")
{
    auto const body = SharedBytes::owning(Bytes(1000, std::byte{1}));
    RunningServer const server{
        [&](Request const&) -> Reply { return Response{.media_type = "image/png", .body = body}; }};
    auto client = server.client();
    CHECK(client.ask(get("/")).body.size() == 1000);
    while (body.owner.use_count() > 1) // the idle connection must not keep it
        std::this_thread::yield();
}
