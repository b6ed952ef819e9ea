// SPDX-License-Identifier: Apache-2.0
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <stdexcept>

using namespace ardoise;

namespace {

/// Tells all it knows of a request.
Reply describe(Request const& request)
{
    auto text =
        fmt::format("{} path={} host={} inm={} accept={} encoding={} authorization={} body={}",
                    static_cast<int>(request.method), request.path, request.host, request.if_none_match,
                    request.accept, request.accept_encoding, request.authorization, request.body);
    for (auto const& [key, value] : request.query.parameters())
        text += fmt::format(" {}={}", key, value);
    return text_response(200, "text/plain", text);
}

Reply misbehave(Request const& request)
{
    if (request.path == "/standard")
        throw std::runtime_error{"secret /srv/path"};
    if (request.path == "/odd")
        throw 42;
    if (request.path == "/work")
        return Work{[]() -> Response { throw std::runtime_error{"secret /srv/path"}; }};
    if (request.path == "/missing")
        return text_response(404, "text/plain", "no such thing");
    if (request.path == "/injected") {
        auto response = text_response(200, "text/plain", "ok");
        response.headers = {{"Location", "/\r\nEvil: yes"}};
        return response;
    }
    if (request.path == "/empty")
        return text_response(204, "", "must not be sent");
    return echo_path(request);
}

} // namespace

TEST_CASE("a request reaches the handler with all its parts")
{
    RunningServer const server{describe};
    auto client = server.client();
    auto const response = client.ask("GET /a%20b?x=1&y=%26 HTTP/1.1\r\nHost: maps.example:80\r\n"
                                     "If-None-Match: \"1\"\r\nIf-None-Match: \"2\"\r\nACCEPT: image/png\r\n"
                                     "Accept-Encoding: br\r\nAuthorization: Bearer t\r\nCookie: a\r\n\r\n");
    CHECK(response.body == "0 path=/a b host=maps.example:80 inm=\"1\", \"2\" accept=image/png encoding=br "
                           "authorization=Bearer t body= x=1 y=&");
    CHECK(response.header("content-type") == "text/plain");
    CHECK(response.header("date").ends_with(" GMT"));
    CHECK(response.header("server").empty());
}

TEST_CASE("nothing of a request is left in the next one on the connection")
{
    RunningServer const server{describe};
    auto client = server.client();
    client.ask(
        "POST /a?b=c HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"x\"\r\nAccept: a\r\nAccept-Encoding: gzip\r\n"
        "Authorization: secret\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(client.ask("GET / HTTP/1.0\r\n\r\n").body ==
          "0 path=/ host= inm= accept= encoding= authorization= body=");
}

TEST_CASE("a connection is kept for many requests")
{
    RunningServer const server;
    auto client = server.client();
    for (int i = 0; i < 200; ++i) {
        auto const response = client.ask(get(fmt::format("/{}", i)));
        REQUIRE(response.body == fmt::format("/{}", i));
        REQUIRE(response.header("connection").empty());
    }
}

TEST_CASE("a hundred pipelined requests are answered in order")
{
    RunningServer const server;
    auto client = server.client();
    std::string requests;
    for (int i = 0; i < 100; ++i)
        requests += get(fmt::format("/{}", i));
    client.send(requests);
    for (int i = 0; i < 100; ++i)
        REQUIRE(client.receive().body == fmt::format("/{}", i));
}

TEST_CASE("pipelined requests for work and for light things keep their order")
{
    RunningServer const server{[](Request const& request) -> Reply {
        if (request.path.starts_with("/light"))
            return echo_path(request);
        return Work{[path = request.path] { return text_response(200, "text/plain", path); }};
    }};
    auto client = server.client();
    client.send(get("/heavy1") + get("/light1") + get("/heavy2") + get("/light2"));
    for (std::string_view const path : {"/heavy1", "/light1", "/heavy2", "/light2"})
        CHECK(client.receive().body == path);
}

TEST_CASE("a request may come a byte at a time")
{
    RunningServer const server{describe};
    auto client = server.client();
    client.send_byte_by_byte("POST /slow?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello\r\n");
    CHECK(client.receive().body.find("body=hello a=b") != std::string::npos);
    client.send_byte_by_byte("POST /chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nHost: evil\r\n\r\n");
    auto const second = client.receive();
    CHECK(second.body.find("host=h ") != std::string::npos);
    CHECK(second.body.find("body=abcde") != std::string::npos);
    CHECK(client.ask(get("/after")).status == 200);
}

TEST_CASE("the body of a GET is read and dropped")
{
    RunningServer const server{describe};
    auto client = server.client();
    auto const response = client.ask(get("/a", "Content-Length: 5\r\n") + "hello");
    CHECK(response.body.ends_with("body="));
    CHECK(client.ask(get("/b")).status == 200);
}

TEST_CASE("a client that asks first is told to go on with its body")
{
    RunningServer const server{describe};
    auto client = server.client();
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(client.receive().status == 100);
    CHECK(client.ask("ok").body.ends_with("body=ok"));
}

TEST_CASE("an HTTP/1.0 connection is closed unless the client wants it kept")
{
    RunningServer const server;
    auto client = server.client();
    auto const kept = client.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(kept.header("connection") == "keep-alive");
    auto const last = client.ask("GET /b HTTP/1.0\r\n\r\n");
    CHECK(last.body == "/b");
    CHECK(last.header("connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("Connection: close is obeyed")
{
    RunningServer const server;
    auto client = server.client();
    auto const response = client.ask(get("/a", "Connection: close\r\n"));
    CHECK(response.header("connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("HEAD has the length of the body but not the body")
{
    RunningServer const server;
    auto client = server.client();
    client.send("HEAD /12345 HTTP/1.1\r\nHost: h\r\n\r\n");
    auto const head = client.receive(true);
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "6");
    CHECK(client.ask(get("/next")).body == "/next");
}

TEST_CASE("OPTIONS tells browsers what they may do, without the handler")
{
    RunningServer const server{[](Request const&) -> Reply { throw std::logic_error{"not to be asked"}; }};
    auto client = server.client();
    for (std::string_view const target : {"/wmts", "*", "/wmts?SERVICE=WMTS"}) {
        auto const response = client.ask(fmt::format("OPTIONS {} HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n"
                                                     "Access-Control-Request-Method: GET\r\n\r\n",
                                                     target));
        CHECK(response.status == 204);
        CHECK(response.header("allow") == "GET, HEAD, OPTIONS");
        CHECK(response.header("access-control-allow-origin") == "*");
        CHECK(response.header("access-control-allow-methods") == "GET, HEAD, OPTIONS");
        CHECK_FALSE(response.header("access-control-allow-headers").empty());
        CHECK(response.header("content-length").empty());
    }
}

TEST_CASE("other methods go to the handler, which knows what it refuses")
{
    RunningServer const server{[](Request const& request) -> Reply {
        return text_response(405, "text/plain", std::to_string(static_cast<int>(request.method)));
    }};
    auto client = server.client();
    struct Row {
        std::string_view word;
        Method method;
    };
    for (auto const& [word, method] : std::vector<Row>{{"GET", Method::get},
                                                       {"POST", Method::post},
                                                       {"PUT", Method::put},
                                                       {"DELETE", Method::delete_},
                                                       {"PATCH", Method::other},
                                                       {"TRACE", Method::other},
                                                       {"BREW", Method::other},
                                                       {"get", Method::other}}) {
        INFO(word);
        auto const response = client.ask(fmt::format("{} / HTTP/1.1\r\nHost: h\r\n\r\n", word));
        CHECK(response.status == 405);
        CHECK(response.body == std::to_string(static_cast<int>(method)));
    }
}

TEST_CASE("errors of the handler's own making are sent as they are, open to every origin")
{
    RunningServer const server{misbehave};
    auto client = server.client();
    auto const response = client.ask(get("/missing"));
    CHECK(response.status == 404);
    CHECK(response.body == "no such thing");
    CHECK(response.header("access-control-allow-origin") == "*");
    CHECK(response.header("access-control-expose-headers") ==
          "ETag, Content-Bbox, Content-Crs, OATiles-hint, Retry-After, Warning");
    CHECK(response.header("x-content-type-options") == "nosniff");
}

TEST_CASE("an exception is a 500 that tells nothing but an id, and the connection goes on")
{
    RunningServer const server{misbehave};
    auto client = server.client();
    for (std::string_view const path : {"/standard", "/odd", "/work"}) {
        INFO(path);
        auto const response = client.ask(get(path));
        CHECK(response.status == 500);
        CHECK(response.body.find("secret") == std::string::npos);
        CHECK(response.body.find("srv") == std::string::npos);
        CHECK(response.body.starts_with("Internal error, noted in the log as "));
        CHECK(response.header("access-control-allow-origin") == "*");
    }
    CHECK(client.ask(get("/fine")).body == "/fine");
}

TEST_CASE("a header value cannot smuggle in another header")
{
    RunningServer const server{misbehave};
    auto client = server.client();
    auto const response = client.ask(get("/injected"));
    CHECK(response.header("evil").empty());
    CHECK(response.header("location") == "/  Evil: yes");
}

TEST_CASE("a 204 is sent without the body that its handler gave it")
{
    RunningServer const server{misbehave};
    auto client = server.client();
    CHECK(client.ask(get("/empty")).status == 204);
    CHECK(client.ask(get("/next")).body == "/next");
}

TEST_CASE("the tag that the client holds is answered 304 on the wire")
{
    RunningServer const server{[](Request const&) -> Reply {
        auto response = text_response(200, "image/png", "bytes");
        response.etag = "abc";
        return response;
    }};
    auto client = server.client();
    CHECK(client.ask(get("/")).header("etag") == "\"abc\"");
    auto const response = client.ask(get("/", "If-None-Match: \"abc\"\r\n"));
    CHECK(response.status == 304);
    CHECK(response.header("etag") == "\"abc\"");
    CHECK(response.header("content-length").empty());
    CHECK(client.ask(get("/")).body == "bytes");
}

TEST_CASE("a document is sent compressed to those who ask for it")
{
    RunningServer const server{
        [](Request const&) -> Reply { return text_response(200, "text/xml", std::string(5000, 'x')); }};
    auto client = server.client();
    auto const response = client.ask(get("/", "Accept-Encoding: gzip\r\n"));
    CHECK(response.header("content-encoding") == "gzip");
    CHECK(response.header("vary") == "Accept-Encoding");
    CHECK(response.body.size() < 500);
    CHECK(client.ask(get("/")).body.size() == 5000);
}

TEST_CASE("a client that has said all still gets its answers")
{
    RunningServer const server;
    auto client = server.client();
    client.send(get("/a") + get("/b"));
    client.end_sending();
    CHECK(client.receive().body == "/a");
    CHECK(client.receive().body == "/b");
    CHECK(client.is_closed());
}

TEST_CASE("a client that stops in the middle of a request is forgotten")
{
    RunningServer const server;
    auto client = server.client();
    client.send("GET /a HTT");
    client.end_sending();
    CHECK(client.is_closed());
}

TEST_CASE("clients that vanish harm nobody")
{
    auto const large = SharedBytes::owning(Bytes(16 << 20, std::byte{1}));
    RunningServer const server{
        [&](Request const&) -> Reply { return Response{.media_type = "image/tiff", .body = large}; }};
    for (int i = 0; i < 20; ++i) {
        auto asking = server.client();
        asking.send(get("/"));
        asking.reset();
        auto sending = server.client();
        sending.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf");
        sending.reset();
    }
    auto client = server.client();
    CHECK(client.ask(get("/")).body.size() == large.size());
}

TEST_CASE("a body larger than any socket buffer arrives whole")
{
    Bytes pattern(24 << 20);
    for (std::size_t i = 0; i < pattern.size(); ++i)
        pattern[i] = static_cast<std::byte>(i * 31 >> 3);
    auto const body = SharedBytes::owning(std::move(pattern));
    RunningServer const server{
        [&](Request const&) -> Reply { return Response{.media_type = "image/tiff", .body = body}; }};
    auto client = server.client();
    client.send(get("/") + get("/"));
    for (int i = 0; i < 2; ++i)
        CHECK((client.receive().body == as_text(body.view)));
}
