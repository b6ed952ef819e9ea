// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/response.hpp"

#include <catch2/catch.hpp>
#include <libdeflate.h>

#include <memory>
#include <set>
#include <string>

using namespace ardoise;

namespace {

Request asking(std::string if_none_match, std::string accept_encoding = {}, Method method = Method::get)
{
    Request request;
    request.method = method;
    request.if_none_match = std::move(if_none_match);
    request.accept_encoding = std::move(accept_encoding);
    return request;
}

Response tile()
{
    auto response = text_response(200, "image/jpeg", std::string(3000, 'j'));
    response.etag = "abc";
    response.cache_control = "public, max-age=60";
    return response;
}

Response document(std::string_view media_type = "application/xml", std::size_t size = 3000)
{
    auto response = text_response(200, media_type, std::string(size, 'x'));
    response.etag = "abc";
    return response;
}

Response finished(Request const& request, Response response)
{
    finish(request, response);
    return response;
}

std::string header(Response const& response, std::string_view name)
{
    for (auto const& [own, value] : response.headers)
        if (own == name)
            return value;
    return {};
}

std::string unzipped(ByteView bytes, std::size_t size)
{
    std::string out(size, '\0');
    std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> const tool{
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor};
    auto const result =
        libdeflate_gzip_decompress(tool.get(), bytes.data(), bytes.size(), out.data(), size, nullptr);
    REQUIRE(result == LIBDEFLATE_SUCCESS);
    return out;
}

} // namespace

TEST_CASE("text_response owns its text")
{
    auto const response = text_response(404, "text/plain", "not here");
    CHECK(response.status == 404);
    CHECK(response.media_type == "text/plain");
    CHECK(as_text(response.body.view) == "not here");
    CHECK(response.body.owner);
}

TEST_CASE("If-None-Match is answered 304 when it lists the tag")
{
    struct Row {
        std::string_view if_none_match;
        int status;
    };
    for (auto const& [if_none_match, status] : std::vector<Row>{
             {"", 200},
             {"\"abc\"", 304},
             {"W/\"abc\"", 304},
             {"\"x\", \"abc\"", 304},
             {"\"x\",\"y\",W/\"abc\" ", 304},
             {"*", 304},
             {" * ", 304},
             {"\"ab\"", 200},
             {"\"abcd\"", 200},
             {"\"ABC\"", 200},
             {"abc", 200},
             {"\"abc", 200},
             {"\"x,abc\"", 200},
             {"\"", 200},
             {",,,", 200},
             {"\"*\"", 200},
             {"\"abc-gz\"", 200},
         }) {
        INFO(if_none_match);
        CHECK(finished(asking(std::string{if_none_match}), tile()).status == status);
    }
}

TEST_CASE("what is known to a client can be told before there is a body")
{
    Response const known{.media_type = "image/png", .body = {}, .etag = "abc"};
    CHECK(is_known_to(asking("\"abc\""), known));
    CHECK_FALSE(is_known_to(asking("*"), known)); // it may come to nothing
    CHECK_FALSE(is_known_to(asking("\"abd\""), known));
    CHECK_FALSE(is_known_to(asking(""), known));
}

TEST_CASE("a 304 has no body and keeps what a cache refreshes")
{
    auto response = tile();
    response.last_modified = std::chrono::system_clock::time_point{};
    response.headers = {{"OATiles-hint", "empty"}};
    auto const sent = finished(asking("\"abc\""), std::move(response));
    CHECK(sent.status == 304);
    CHECK(sent.body.size() == 0);
    CHECK(sent.media_type.empty());
    CHECK(sent.etag == "abc");
    CHECK(sent.cache_control == "public, max-age=60");
    CHECK(sent.last_modified);
    CHECK(header(sent, "OATiles-hint") == "empty");
}

TEST_CASE("only a GET or HEAD that would be 200 becomes 304")
{
    CHECK(finished(asking("\"abc\"", "", Method::head), tile()).status == 304);
    CHECK(finished(asking("\"abc\"", "", Method::post), tile()).status == 200);
    auto missing = tile();
    missing.status = 404;
    CHECK(finished(asking("*"), missing).status == 404);
    CHECK(finished(asking("*", "", Method::head), tile()).status == 304);
    CHECK(finished(asking("*", "", Method::post), tile()).status == 200);
    auto fleeting = tile(); // a mistake told as a picture, the server's health
    fleeting.cache_control = "no-store";
    CHECK(finished(asking("*"), fleeting).status == 200);
    auto untagged = tile();
    untagged.etag.clear();
    CHECK(finished(asking("\"\""), untagged).status == 200);
}

TEST_CASE("gzip is used when the client prefers it")
{
    struct Row {
        std::string_view accept_encoding;
        bool compressed;
    };
    for (auto const& [accept_encoding, compressed] : std::vector<Row>{
             {"", false},
             {"gzip", true},
             {"GZIP", true},
             {"x-gzip", true},
             {"gzip, deflate, br, zstd", true},
             {"deflate,gzip;q=1.0", true},
             {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
             {"gzip;q=0.001", true},
             {"gzip ; q=0.5", true},
             {"gzip;Q=0.5", true},
             {"gzip;level=9;q=0.5", true},
             {"*", true},
             {"*;q=0.5", true},
             {"identity;q=0, gzip", true},
             {"identity;q=0.5, gzip;q=1", true},
             {"identity;q=0, *", true},
             {"gzip;q=0", false},
             {"gzip;q=0.000", false},
             {"gzip;q=0, *", false},
             {"*;q=0", false},
             {"identity", false},
             {"identity;q=0", false},
             {"identity;q=1, gzip;q=0.5", false},
             {"deflate, br", false},
             {"gzipped", false},
             {"gzip;q=abc", false},
             {"gzip;q=2", false},
             {"gzip;q=-1", false},
             {"gzip;q=nan", false},
             {";;,,;q=", false},
         }) {
        INFO(accept_encoding);
        auto const response = finished(asking("", std::string{accept_encoding}), document());
        CHECK((header(response, "Content-Encoding") == "gzip") == compressed);
        CHECK(header(response, "Vary") == "Accept-Encoding");
        CHECK(response.etag == (compressed ? "abc-gz" : "abc"));
    }
}

TEST_CASE("a compressed body is the body")
{
    auto const response = finished(asking("", "gzip"), document());
    CHECK(response.body.size() < 200);
    CHECK(unzipped(response.body.view, 3000) == std::string(3000, 'x'));
}

TEST_CASE("text is compressed, images are not")
{
    struct Row {
        std::string_view media_type;
        bool compressed;
    };
    for (auto const& [media_type, compressed] : std::vector<Row>{
             {"text/xml", true},
             {"text/plain; charset=utf-8", true},
             {"text/html", true},
             {"text/css", true},
             {"text/javascript", true},
             {"Text/HTML", true},
             {"application/javascript", true},
             {"application/json", true},
             {"application/geo+json", true},
             {"application/ld+json; charset=utf-8", true},
             {"application/vnd.oai.openapi+json;version=3.0", true},
             {"application/xml", true},
             {"application/vnd.ogc.se_xml", true},
             {"image/svg+xml", true},
             {"image/png", false},
             {"image/jpeg", false},
             {"image/tiff; application=geotiff", false},
             {"application/vnd.mapbox-vector-tile", false},
             {"application/octet-stream", false},
             {"", false},
         }) {
        INFO(media_type);
        auto const response = finished(asking("", "gzip"), document(media_type));
        CHECK((header(response, "Content-Encoding") == "gzip") == compressed);
        CHECK((header(response, "Vary") == "Accept-Encoding") == compressed);
    }
}

TEST_CASE("short text, parts and what is encoded already are left alone")
{
    CHECK(header(finished(asking("", "gzip"), document("text/xml", 1024)), "Content-Encoding").empty());
    CHECK(header(finished(asking("", "gzip"), document("text/xml", 1025)), "Content-Encoding") == "gzip");
    auto part = document();
    part.status = 206;
    CHECK(header(finished(asking("", "gzip"), part), "Content-Encoding").empty());
    auto encoded = document();
    encoded.headers = {{"content-encoding", "br"}};
    auto const sent = finished(asking("", "gzip"), encoded);
    CHECK(sent.headers.size() == 1);
    CHECK(sent.etag == "abc");
}

TEST_CASE("the compressed form has a tag of its own")
{
    CHECK(finished(asking("\"abc-gz\"", "gzip"), document()).status == 304);
    CHECK(finished(asking("\"abc-gz\"", "gzip"), document()).etag == "abc-gz");
    CHECK(finished(asking("\"abc\"", "gzip"), document()).status == 200);
    CHECK(finished(asking("\"abc-gz\""), document()).status == 200);
    CHECK(header(finished(asking("\"abc\""), document()), "Vary") == "Accept-Encoding");
}

TEST_CASE("an untagged document stays untagged when compressed")
{
    auto response = document();
    response.etag.clear();
    CHECK(finished(asking("", "gzip"), response).etag.empty());
}

TEST_CASE("a long error document is compressed too, and HEAD tells the size that GET would have")
{
    auto response = document();
    response.status = 400;
    auto const got = finished(asking("", "gzip"), response);
    CHECK(got.status == 400);
    CHECK(header(got, "Content-Encoding") == "gzip");
    auto const head = finished(asking("", "gzip", Method::head), response);
    CHECK(head.body.size() == got.body.size());
}

TEST_CASE("what was compressed ahead is sent as it would have been, without being compressed again")
{
    auto const ahead = ready_for_many(document());
    CHECK(as_text(ahead.body.view) == as_text(document().body.view));
    auto const sent = finished(asking("", "gzip"), ahead), usual = finished(asking("", "gzip"), document());
    CHECK(sent.body.view.data() == ahead.gzipped.view.data());
    CHECK(as_text(sent.body.view) == as_text(usual.body.view));
    CHECK(sent.headers == usual.headers);
    CHECK(sent.etag == usual.etag);
    CHECK(as_text(finished(asking(""), ahead).body.view) == as_text(document().body.view));
    CHECK(finished(asking("\"abc-gz\"", "gzip"), ahead).status == 304);
    CHECK(ready_for_many(document("application/xml", 100)).gzipped.view.empty());
    CHECK(ready_for_many(tile()).gzipped.view.empty());
}

TEST_CASE("hashes that differ in any bit have tags that differ")
{
    std::set<std::string> tags{tag_of(0), tag_of(~std::uint64_t{0})};
    for (unsigned bit = 0; bit < 64; ++bit)
        tags.insert(tag_of(std::uint64_t{1} << bit));
    CHECK(tags.size() == 66);
    for (auto const& tag : tags)
        CHECK(tag.size() == 11);
}
