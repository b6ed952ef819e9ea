// SPDX-License-Identifier: Apache-2.0
#include "server/http/response_head.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

std::string head_of(Response const& response, Persistence persistence = Persistence::keep)
{
    std::string head;
    append_head(head, response, "today", persistence);
    return head;
}

bool has(std::string_view head, std::string_view text)
{
    return head.find(text) != std::string_view::npos;
}

} // namespace

TEST_CASE("a head says everything a response holds")
{
    auto response = text_response(200, "image/jpeg", "12345");
    response.etag = "abc";
    response.cache_control = "public, max-age=60";
    response.last_modified = std::chrono::system_clock::time_point{std::chrono::seconds{784111777}};
    response.headers = {{"OATiles-hint", "empty"}};
    CHECK(head_of(response) == "HTTP/1.1 200 OK\r\n"
                               "Content-Type: image/jpeg\r\n"
                               "Cache-Control: public, max-age=60\r\n"
                               "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                               "Access-Control-Allow-Origin: *\r\n"
                               "Access-Control-Expose-Headers: ETag, Content-Bbox, Content-Crs, "
                               "OATiles-hint, Retry-After, Warning\r\n"
                               "X-Content-Type-Options: nosniff\r\n"
                               "Date: today\r\n"
                               "Content-Length: 5\r\n"
                               "ETag: \"abc\"\r\n"
                               "OATiles-hint: empty\r\n"
                               "\r\n");
}

TEST_CASE("a head says nothing of the response before it")
{
    auto const tile = [] {
        Response response{.media_type = "image/jpeg", .body = {}, .cache_control = "no-store"};
        response.last_modified = std::chrono::system_clock::time_point{std::chrono::seconds{784111777}};
        return response;
    };
    auto const expected = head_of(tile());
    std::vector<Response> others(5, tile());
    others[0].status = 404;
    others[1].media_type = "image/png";
    others[2].cache_control = {};
    others[3].last_modified = std::chrono::system_clock::time_point{};
    others[4].last_modified = std::nullopt;
    for (auto const& other : others) {
        CHECK(head_of(other) != expected);
        CHECK(head_of(tile()) == expected);
    }
    std::string head;
    append_head(head, tile(), "today", Persistence::keep, Readers::same_site);
    CHECK(head != expected);
    CHECK(head_of(tile()) == expected);
}

TEST_CASE("dates are written as HTTP wants them")
{
    struct Row {
        std::int64_t seconds;
        std::string_view text;
    };
    for (auto const& [seconds, text] : std::vector<Row>{
             {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
             {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
             {951827696, "Tue, 29 Feb 2000 12:34:56 GMT"},
             {1767225599, "Wed, 31 Dec 2025 23:59:59 GMT"},
             {4107542400, "Mon, 01 Mar 2100 00:00:00 GMT"},
             {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
         })
        CHECK(http_date(std::chrono::system_clock::time_point{std::chrono::seconds{seconds}}) == text);
}

TEST_CASE("pages of other sites may read what is meant for them, and nothing else")
{
    auto const response = text_response(200, "text/plain", "12345");
    CHECK(has(head_of(response), "\r\nAccess-Control-Allow-Origin: *\r\n"));
    std::string head;
    append_head(head, response, "today", Persistence::keep, Readers::same_site);
    CHECK_FALSE(has(head, "Access-Control"));
    CHECK(has(head, "\r\nX-Content-Type-Options: nosniff\r\n"));
}

TEST_CASE("nothing in a response starts a header line of its own")
{
    auto response = text_response(200, "text/plain\r\nA: 1", "");
    response.etag = "a\r\nA: 1";
    response.cache_control = "public\nA: 1";
    response.headers = {
        {"Location", "/x\r\nA: 1\r\n\r\n<html>"}, {"B\r\nA", "1"}, {"C D", "1"}, {"", "1"}, {"E:", "1"},
        {"Link", std::string{"a\0b\x7f", 4}}};
    auto const head = head_of(response);
    CHECK_FALSE(has(head, "\nA:"));
    CHECK_FALSE(has(head, "\rA:"));
    CHECK(has(head, "\r\nLocation: /x  A: 1    <html>\r\n"));
    CHECK_FALSE(has(head, "C D"));
    CHECK_FALSE(has(head, "E:"));
    CHECK_FALSE(has(head, "\r\n: "));
    CHECK(has(head, "\r\nLink: a b \r\n"));
    CHECK(head.find("\r\n\r\n") == head.size() - 4);
}

TEST_CASE("responses without body have no Content-Length")
{
    for (int const status : {204, 304}) {
        auto const head = head_of(text_response(status, "", ""));
        CHECK_FALSE(has(head, "Content-Length"));
        CHECK_FALSE(has(head, "\r\nContent-Type"));
        CHECK_FALSE(may_have_body(status));
    }
    CHECK(has(head_of(text_response(200, "", "")), "Content-Length: 0\r\n"));
}

TEST_CASE("the connection's fate is said where it is not the default")
{
    auto const response = text_response(200, "", "");
    CHECK_FALSE(has(head_of(response, Persistence::keep), "Connection"));
    CHECK(has(head_of(response, Persistence::close), "\r\nConnection: close\r\n"));
    CHECK(has(head_of(response, Persistence::keep_and_say_so), "\r\nConnection: keep-alive\r\n"));
}

TEST_CASE("every status has a phrase")
{
    CHECK(reason_phrase(404) == "Not Found");
    CHECK(reason_phrase(299) == "OK");
    CHECK(reason_phrase(399) == "Redirection");
    CHECK(reason_phrase(499) == "Client Error");
    CHECK(reason_phrase(599) == "Server Error");
}
