// SPDX-License-Identifier: Apache-2.0
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>

using namespace ardoise;

namespace {

/// Sends `request`, which must be refused: the status, after the connection has been seen to close.
int refused(RunningServer const& server, std::string_view request)
{
    auto client = server.client();
    client.send(request);
    auto const response = client.receive();
    CHECK(response.header("connection") == "close");
    CHECK(response.header("access-control-allow-origin") == "*");
    CHECK(client.is_closed());
    return response.status;
}

} // namespace

TEST_CASE("malformed requests are answered 400 and never reach the handler")
{
    std::atomic<int> asked = 0;
    RunningServer const server{[&](Request const& request) {
        ++asked;
        return echo_path(request);
    }};
    for (std::string_view const request : {
             "hello\r\n\r\n",
             "\x16\x03\x01\x02\x01\x01",
             " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
             "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
             "GET / HTTP/0.9\r\nHost: h\r\n\r\n",
             "GET / http/1.1\r\nHost: h\r\n\r\n",
             "GET /\r\n\r\n",
             "GET relative HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
             "CONNECT example.org:443 HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET /% HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET /?a=%zz HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET /?a=%C0%AF HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET /?a=%00 HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
             "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: h\r\nNo colon\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: h\r\n: empty\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: h\r\nA: \x01\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: h\rA: b\r\n\r\n",
         }) {
        INFO(request);
        CHECK(refused(server, request) == 400);
    }
    CHECK(asked == 0);
}

TEST_CASE("lines that end in a bare LF are refused")
{
    RunningServer const server;
    CHECK(refused(server, "GET / HTTP/1.1\nHost: h\n\n") == 400);
    CHECK(refused(server, "GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n") == 400);
    CHECK(refused(server, "GET / HTTP/1.1\r\nHost: h\r\n\nA: b\r\n\r\n") == 400);
}

TEST_CASE("HTTP/1.1 needs one Host, and only one")
{
    RunningServer const server;
    CHECK(refused(server, "GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(refused(server, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
    CHECK(refused(server, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
}

TEST_CASE("a request whose end two readers could see differently is refused")
{
    std::atomic<int> asked = 0;
    RunningServer const server{[&](Request const& request) {
        ++asked;
        return echo_path(request);
    }};
    for (std::string_view const headers : {
             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: gzip, chunked\r\n",
             "Transfer-Encoding: chunked, gzip\r\n",
             "Transfer-Encoding: gzip\r\n",
             "Transfer-Encoding: identity\r\n",
             "Transfer-Encoding: xchunked\r\n",
             "Transfer-Encoding: \"chunked\"\r\n",
             "Transfer-Encoding:\r\n",
             "Transfer-Encoding : chunked\r\n",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
             "Content-Length: 5\r\nContent-Length: 6\r\n",
             "Content-Length: 5, 6\r\n",
             "Content-Length: -5\r\n",
             "Content-Length: +5\r\n",
             "Content-Length: 0x5\r\n",
             "Content-Length: 5 5\r\n",
             "Content-Length:\r\n",
             "Content-Length: 99999999999999999999\r\n",
         }) {
        INFO(headers);
        auto const request = fmt::format(
            "POST / HTTP/1.1\r\nHost: h\r\n{}\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: h\r\n\r\n", headers);
        CHECK(refused(server, request) == 400);
    }
    CHECK(refused(server, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
    CHECK(asked == 0);
}

TEST_CASE("malformed chunks are refused")
{
    RunningServer const server;
    for (std::string_view const chunks :
         {"x\r\n", "\r\n", "-1\r\n", "5\nhello\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n",
          "fffffffffffffffff\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "3 x\r\nabc\r\n0\r\n\r\n",
          "0\r\nbad trailer\r\n\r\n"}) {
        INFO(chunks);
        CHECK(
            refused(server, fmt::format("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                                        chunks)) == 400);
    }
}

TEST_CASE("a folded header stays one header")
{
    RunningServer const server{[](Request const& request) -> Reply {
        return text_response(200, "text/plain", request.if_none_match + "|" + request.host);
    }};
    auto client = server.client();
    CHECK(client.ask("GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"a\",\r\n \"b\"\r\n\tHost: x\r\n\r\n")
              .body == "\"a\", \"b\" Host: x|h");
}

TEST_CASE("an absolute target is served by its path")
{
    RunningServer const server;
    auto client = server.client();
    CHECK(client.ask(get("http://elsewhere/a%2Fb")).body == "/a/b");
}

TEST_CASE("random bytes never get past the door")
{
    RunningServer const server;
    unsigned state = 12345;
    for (int round = 0; round < 50; ++round) {
        std::string noise;
        for (int i = 0; i < 300; ++i) {
            state = state * 1664525 + 1013904223;
            noise += static_cast<char>(state >> 24);
        }
        auto client = server.client();
        client.send(noise);
        client.end_sending();
        auto const answer = client.receive_all();
        CHECK((answer.empty() || answer.starts_with("HTTP/1.1 4")));
    }
    CHECK(server.client().ask(get("/alive")).body == "/alive");
}
