// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

using namespace ardoise;

namespace {

HttpOptions impatient()
{
    auto options = test_options();
    options.request_timeout = std::chrono::seconds{1};
    options.idle_timeout = std::chrono::seconds{1};
    options.write_timeout = std::chrono::seconds{1};
    return options;
}

int status_of(RunningServer const& server, std::string_view request)
{
    auto client = server.client();
    return client.ask(request).status;
}

void allow_many_files()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

TEST_CASE("a header larger than the limit is answered 431")
{
    RunningServer const server;
    CHECK(status_of(server, get("/", "A: " + std::string(15'000, 'a') + "\r\n")) == 200);
    CHECK(status_of(server, get("/", "A: " + std::string(17'000, 'a') + "\r\n")) == 431);
    std::string many;
    for (int i = 0; i < 2000; ++i)
        many += fmt::format("Header-{}: value\r\n", i);
    CHECK(status_of(server, get("/", many)) == 431);
    CHECK(status_of(server, "GET / HTTP/1.1\r\nA: " + std::string(200'000, 'a')) == 431);
}

TEST_CASE("a target over 8 kB is answered 414")
{
    RunningServer const server;
    auto const target = [](std::size_t size) { return "/" + std::string(size - 1, 'a'); };
    CHECK(status_of(server, get(target(8192))) == 200);
    CHECK(status_of(server, get(target(8193))) == 414);
    CHECK(status_of(server, get(target(100'000))) == 414);
    CHECK(status_of(server, "GET " + target(100'000)) == 414);
}

TEST_CASE("a body larger than the limit is answered 413, announced or not")
{
    auto options = test_options();
    options.max_body_bytes = 1000;
    RunningServer const server{echo_path, options};
    auto const post = [](std::string_view headers, std::string_view body) {
        return fmt::format("POST / HTTP/1.1\r\nHost: h\r\n{}\r\n{}", headers, body);
    };
    std::string const body(1000, 'b');
    CHECK(status_of(server, post("Content-Length: 1000\r\n", body)) == 200);
    CHECK(status_of(server, post("Content-Length: 1001\r\n", body)) == 413);
    CHECK(status_of(server, post("Content-Length: 18446744073709551615\r\n", "")) == 413);
    auto const chunked = "Transfer-Encoding: chunked\r\n";
    CHECK(status_of(server, post(chunked, "3e8\r\n" + body + "\r\n0\r\n\r\n")) == 200);
    CHECK(status_of(server, post(chunked, "3e8\r\n" + body + "\r\n1\r\nb\r\n0\r\n\r\n")) == 413);
    CHECK(status_of(server, post(chunked, "ffffffff\r\n" + body)) == 413);
    CHECK(status_of(server, get("/", "Content-Length: 1001\r\n")) == 413);
}

TEST_CASE("a trailer or chunk extension without end is cut off")
{
    RunningServer const server;
    auto const chunked = get("/", "Transfer-Encoding: chunked\r\n");
    CHECK(status_of(server, chunked + "0\r\nA: " + std::string(100'000, 'a')) == 431);
    CHECK(status_of(server, chunked + "1;" + std::string(100'000, 'a')) == 431);
}

TEST_CASE("a client that is refused can read why, however much it was sending")
{
    RunningServer const server;
    auto client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
    client.send(std::string(3'000'000, 'b'));
    CHECK(client.receive().status == 413);
}

TEST_CASE("a client that does not finish its header is closed")
{
    RunningServer const server{echo_path, impatient()};
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\nHost:");
    CHECK(client.is_closed());
}

TEST_CASE("trickling a header does not buy time")
{
    RunningServer const server{echo_path, impatient()};
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\n");
    auto const trickle = [&] {
        for (int i = 0; i < 1000; ++i) {
            client.send("A");
            std::this_thread::sleep_for(std::chrono::milliseconds{30});
        }
    };
    CHECK_THROWS_AS(trickle(), Failure); // the server has closed: sending fails long before the end
}

TEST_CASE("a client that does not finish its body is closed")
{
    RunningServer const server{echo_path, impatient()};
    auto client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
    CHECK(client.is_closed());
}

TEST_CASE("an idle connection is closed, fresh or used")
{
    RunningServer const server{echo_path, impatient()};
    auto fresh = server.client();
    auto used = server.client();
    CHECK(used.ask(get("/a")).body == "/a");
    CHECK(fresh.is_closed());
    CHECK(used.is_closed());
}

TEST_CASE("a client that does not read is closed")
{
    auto const large = SharedBytes::owning(Bytes(64 << 20, std::byte{1}));
    std::weak_ptr<void const> const lent = large.owner;
    RunningServer const server{[view = large.view, lent](Request const&) -> Reply {
                                   return Response{.media_type = "image/tiff", .body = {view, lent.lock()}};
                               },
                               impatient()};
    auto client = server.client();
    client.send(get("/"));
    while (lent.use_count() < 2) // the response is being sent
        std::this_thread::yield();
    while (lent.use_count() > 1) // the connection has been given up, and what it held let go
        std::this_thread::yield();
    CHECK(client.receive_all().size() < large.size());
}

TEST_CASE("bodies that nobody takes give way to those that are wanted")
{
    auto options = test_options();
    options.io_threads = 1;
    options.max_unsent_bytes = 100 << 20;
    RunningServer const server{[](Request const&) -> Reply {
                                   return Response{.media_type = "image/tiff",
                                                   .body = SharedBytes::owning(Bytes(32 << 20))};
                               },
                               options};
    std::vector<RawClient> greedy;
    for (std::size_t i = 1; i <= 3; ++i) {
        greedy.push_back(server.client());
        greedy.back().send(get("/"));
        while (server.counts().unsent_bytes < i * (32 << 20))
            std::this_thread::yield();
    }
    CHECK(server.counts().slow_clients_closed == 0);
    CHECK(server.client().ask(get("/")).body.size() == 32 << 20);
    CHECK(server.counts().slow_clients_closed == 1);
    auto const is_whole = [](RawClient& client) {
        try {
            return client.receive().body.size() == 32 << 20;
        } catch (Failure const&) {
            return false;
        }
    };
    CHECK(std::count_if(greedy.begin(), greedy.end(), is_whole) == 2);
    while (server.counts().unsent_bytes > 0)
        std::this_thread::yield();
}

TEST_CASE("a body that many wait for counts once, and one larger than all memory for bodies is sent")
{
    auto const body = SharedBytes::owning(Bytes(32 << 20));
    auto options = test_options();
    options.io_threads = 1;
    options.max_unsent_bytes = 16 << 20;
    RunningServer const server{
        [&body](Request const&) -> Reply { return Response{.media_type = "image/tiff", .body = body}; },
        options};
    CHECK(server.client().ask(get("/")).body.size() == body.size());
    options.max_unsent_bytes = 40 << 20;
    RunningServer const roomy{
        [&body](Request const&) -> Reply { return Response{.media_type = "image/tiff", .body = body}; },
        options};
    std::vector<RawClient> crowd;
    for (int i = 0; i < 10; ++i) {
        crowd.push_back(roomy.client());
        crowd.back().send(get("/"));
    }
    for (auto& client : crowd)
        REQUIRE(client.receive().body.size() == body.size());
    CHECK(roomy.counts().slow_clients_closed == 0);
}

TEST_CASE("five hundred idle connections do not keep anybody from being served")
{
    allow_many_files();
    RunningServer const server;
    std::vector<RawClient> idle;
    for (int i = 0; i < 500; ++i)
        idle.push_back(server.client());
    CHECK(server.client().ask(get("/a")).body == "/a");
    for (auto& client : idle)
        REQUIRE(client.ask(get("/b")).body == "/b");
}

TEST_CASE("connections beyond the limit are closed, and admitted again when others have left")
{
    auto options = test_options();
    options.max_connections = 3;
    RunningServer const server{echo_path, options};
    std::vector<RawClient> admitted;
    for (int i = 0; i < 3; ++i) {
        admitted.push_back(server.client());
        REQUIRE(admitted.back().ask(get("/a")).status == 200);
    }
    CHECK(server.client().is_closed());
    admitted.pop_back();
    auto const try_once = [&] {
        try {
            return server.client().ask(get("/b")).status;
        } catch (Failure const&) {
            return 0;
        }
    };
    while (try_once() != 200)
        std::this_thread::yield();
    CHECK(admitted.front().ask(get("/c")).body == "/c");
}

TEST_CASE("a server out of file descriptors goes on when there are some again")
{
    RunningServer const server;
    auto known = server.client();
    REQUIRE(known.ask(get("/a")).status == 200);
    int const lowest_free = ::dup(0);
    ::close(lowest_free);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    // Room for the client's own socket, none for the server's end of it.
    rlimit const scarce{.rlim_cur = static_cast<rlim_t>(lowest_free) + 1, .rlim_max = before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &scarce);
    auto late = server.client();
    late.send(get("/late"));
    auto const meanwhile = known.ask(get("/b")).body;
    ::setrlimit(RLIMIT_NOFILE, &before); // before any check: sanitizers need descriptors, too
    CHECK(meanwhile == "/b");
    CHECK(late.receive().body == "/late");
}
