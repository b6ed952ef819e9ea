// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

std::string failure_to_listen(HttpOptions const& options)
{
    try {
        HttpServer const server{options, echo_path};
        return {};
    } catch (Failure const& failure) {
        return failure.what();
    }
}

} // namespace

TEST_CASE("port 0 takes a free port, the same for all threads")
{
    auto options = test_options();
    options.io_threads = 4;
    RunningServer const server{echo_path, options};
    REQUIRE(server.port() != 0);
    for (int i = 0; i < 40; ++i)
        CHECK(server.client().ask(get("/a")).body == "/a");
}

TEST_CASE("a port in use is a failure that names address, port and remedy, even between two of ours")
{
    RunningServer const server;
    auto options = test_options();
    options.port = server.port();
    auto const message = failure_to_listen(options);
    CHECK_THAT(message, Catch::Contains("127.0.0.1:" + std::to_string(server.port())));
    CHECK_THAT(message, Catch::Contains("in use"));
    CHECK_THAT(message, Catch::Contains("choose another"));
}

TEST_CASE("an address that is not ours or no address at all is a failure that names it")
{
    for (auto const* address : {"192.0.2.1", "not-an-address", "127.0.0.1:80", ""}) {
        auto options = test_options();
        options.address = address;
        auto const message = failure_to_listen(options);
        CHECK_THAT(message, Catch::Contains(std::string{"cannot listen on "} + address + ":0"));
        CHECK_THAT(message, Catch::Contains("address of this machine"));
    }
}

TEST_CASE("localhost is an address, and a port is free again when its server has gone")
{
    auto options = test_options();
    options.address = "localhost";
    {
        RunningServer const first{echo_path, options};
        options.port = first.port();
        CHECK(first.client().ask(get("/a", "Connection: close\r\n")).body == "/a");
    }
    RunningServer const second{echo_path, options};
    CHECK(second.port() == options.port);
    CHECK(second.client().ask(get("/b")).body == "/b");
}

TEST_CASE("a server that never runs can be destroyed")
{
    HttpServer server{test_options(), echo_path};
    CHECK(server.port() != 0);
    server.stop();
}
