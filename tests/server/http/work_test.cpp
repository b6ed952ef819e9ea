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

TEST_CASE("what waits for a disk does not wait for those who draw")
{
    Gate gate;
    RunningServer const server{[&gate](Request const& request) -> Reply {
        auto const make = [&gate, is_drawing = request.path == "/draw"] {
            if (is_drawing)
                gate.wait();
            return text_response(200, "text/plain", "done");
        };
        return Work{make, {}, request.path == "/draw" ? Work::Kind::drawing : Work::Kind::reading};
    }};
    std::vector<RawClient> drawing;
    for (unsigned i = 0; i < test_options().render_threads; ++i) {
        drawing.push_back(server.client());
        drawing.back().send(get("/draw"));
    }
    while (server.counts().drawing.running < test_options().render_threads)
        std::this_thread::yield();
    CHECK(server.client().ask(get("/read")).body == "done");
    CHECK(server.counts().drawing.done == 0);
    gate.open();
    for (auto& client : drawing)
        CHECK(client.receive().body == "done");
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

TEST_CASE("clients who reset, close or end sending leave the queue to others")
{
    auto options = test_options();
    options.io_threads = 1;
    options.render_threads = 1;
    options.render_queue = 3;
    Gate gate;
    std::atomic<int> done_for_the_gone = 0;
    RunningServer const server{[&](Request const& request) -> Reply {
                                   if (request.path == "/gone")
                                       return Work{[&] {
                                           ++done_for_the_gone;
                                           return text_response(200, "text/plain", "");
                                       }};
                                   return waiting_at(gate)(request);
                               },
                               options};
    auto drawn = server.client();
    drawn.send(get("/wait"));
    REQUIRE(server.client().ask(get("/light")).status == 200); // the one thread has read the request before
    auto resets = server.client(), ends = server.client();
    auto closes = std::make_unique<RawClient>(server.port());
    for (auto* client : {&resets, &ends, closes.get()}) {
        client->send(get("/gone"));
        REQUIRE(server.client().ask(get("/light")).status == 200);
    }
    CHECK(server.client().ask(get("/wait")).status == 503);
    resets.reset();
    closes = nullptr;
    ends.end_sending();
    CHECK(ends.is_closed()); // the clock has looked at all of them
    std::vector<RawClient> others;
    for (int i = 0; i < 3; ++i) {
        others.push_back(server.client());
        others.back().send(get("/wait"));
        REQUIRE(server.client().ask(get("/light")).status == 200);
    }
    gate.open();
    CHECK(drawn.receive().body == "done");
    for (auto& each : others)
        CHECK(each.receive().body == "done");
    CHECK(done_for_the_gone == 0);
}

TEST_CASE("who pipelines a request behind one for a map is there still, and gets both")
{
    auto options = test_options();
    options.io_threads = 1;
    Gate gate;
    RunningServer const server{waiting_at(gate), options};
    auto client = server.client(), leaver = server.client();
    client.send(get("/wait") + get("/light"));
    leaver.send(get("/wait") + get("/light"));
    leaver.end_sending();
    CHECK(leaver.is_closed()); // the clock has looked at them, at this one in spite of what it sent
    gate.open();
    CHECK(client.receive().body == "done");
    CHECK(client.receive().body == "/light");
}

TEST_CASE("requests for the same work have it done once, and each gets what it asked for of it")
{
    auto options = test_options();
    options.io_threads = 1;
    options.render_threads = 1;
    options.render_queue = 0;
    Gate gate;
    std::atomic<int> done = 0;
    RunningServer const server{[&](Request const& request) -> Reply {
                                   if (request.path != "/map")
                                       return echo_path(request);
                                   return Work{[&] {
                                                   gate.wait();
                                                   ++done;
                                                   auto map = text_response(200, "image/png", "map");
                                                   map.etag = "tag";
                                                   return map;
                                               },
                                               "map"};
                               },
                               options};
    std::vector<RawClient> crowd;
    auto const ask = [&](std::string const& request) {
        crowd.push_back(server.client());
        crowd.back().send(request);
        REQUIRE(server.client().ask(get("/light")).status == 200); // it has been read
    };
    for (int i = 0; i < 20; ++i)
        ask(get("/map"));
    ask(get("/map", "If-None-Match: \"tag\"\r\n"));
    auto leaver = server.client();
    leaver.send(get("/map"));
    REQUIRE(server.client().ask(get("/light")).status == 200);
    leaver.reset();
    gate.open();
    CHECK(crowd.back().receive().status == 304);
    crowd.pop_back();
    for (auto& client : crowd)
        CHECK(client.receive().body == "map");
    CHECK(done == 1);
}

TEST_CASE("work that fails is answered 500 to each who asked for it, and noted once")
{
    auto options = test_options();
    options.io_threads = 1;
    Gate gate;
    RunningServer const server{[&](Request const& request) -> Reply {
                                   if (request.path != "/map")
                                       return echo_path(request);
                                   return Work{[&]() -> Response {
                                                   gate.wait();
                                                   throw std::runtime_error{"no disk"};
                                               },
                                               "map"};
                               },
                               options};
    auto first = server.client(), second = server.client();
    first.send(get("/map"));
    REQUIRE(server.client().ask(get("/light")).status == 200);
    second.send(get("/map"));
    REQUIRE(server.client().ask(get("/light")).status == 200);
    gate.open();
    auto const answer = first.receive();
    CHECK(answer.status == 500);
    CHECK(answer.body.find("no disk") == std::string::npos);
    CHECK(second.receive().body == answer.body); // with the same number of the log's line
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
