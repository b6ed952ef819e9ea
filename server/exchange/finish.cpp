// SPDX-License-Identifier: Apache-2.0
// What a response becomes for one client: 304, compressed, or as it is.
#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"
#include "server/exchange/memory_file.hpp"
#include "server/exchange/response.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

namespace ardoise {

namespace {

constexpr std::size_t smallest_worth_compressing = 1025;
constexpr int compression_level = 6;

std::string_view trim(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// What stands before `separator`, which `rest` loses with it.
std::string_view cut(std::string_view& rest, char separator)
{
    auto const piece = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    return trim(piece);
}

bool is_text(std::string_view media_type)
{
    auto const type = media_type.substr(0, media_type.find(';'));
    auto const ends_in = [type](std::string_view ending) {
        return type.size() >= ending.size() &&
               equal_ignoring_case(type.substr(type.size() - ending.size()), ending);
    };
    return equal_ignoring_case(type.substr(0, 5), "text/") || ends_in("xml") || ends_in("json") ||
           ends_in("javascript");
}

bool is_encoded_already(Response const& response)
{
    return std::any_of(response.headers.begin(), response.headers.end(), [](auto const& header) {
        return equal_ignoring_case(header.first, "content-encoding");
    });
}

bool is_worth_compressing(Response const& response)
{
    return response.body.size() >= smallest_worth_compressing && response.status != 206 &&
           is_text(response.media_type) && !is_encoded_already(response);
}

/// The weight of one coding ("gzip;q=0.5"): 1 unless it says otherwise, 0 when what it says makes no sense.
double weight_of(std::string_view parameters)
{
    while (!parameters.empty()) {
        auto const parameter = lower_case(cut(parameters, ';'));
        if (parameter.starts_with("q=")) {
            auto const weight = parse_number<double>(std::string_view{parameter}.substr(2));
            return weight && *weight >= 0 && *weight <= 1 ? *weight : 0;
        }
    }
    return 1;
}

/// Whether the client would rather have gzip than the plain form (RFC 9110, 12.5.3).
bool prefers_gzip(std::string_view accept_encoding)
{
    std::optional<double> gzip, identity, any;
    while (!accept_encoding.empty()) {
        auto item = cut(accept_encoding, ',');
        auto const coding = lower_case(cut(item, ';'));
        if (coding == "gzip" || coding == "x-gzip")
            gzip = weight_of(item);
        else if (coding == "identity")
            identity = weight_of(item);
        else if (coding == "*")
            any = weight_of(item);
    }
    double const wanted = gzip.value_or(any.value_or(0));
    return wanted > 0 && wanted >= identity.value_or(0);
}

/// Whether If-None-Match lists the tag; the comparison is the weak one, as RFC 9110 asks.
bool lists_tag(std::string_view if_none_match, std::string_view tag)
{
    while (!if_none_match.empty()) {
        auto const open = if_none_match.find('"');
        auto const close = open == std::string_view::npos ? open : if_none_match.find('"', open + 1);
        if (close == std::string_view::npos)
            return false;
        if (if_none_match.substr(open + 1, close - open - 1) == tag)
            return true;
        if_none_match.remove_prefix(close + 1);
    }
    return false;
}

bool may_be_304(Request const& request, Response const& response)
{
    return !request.if_none_match.empty() && response.status == 200 &&
           (request.method == Method::get || request.method == Method::head);
}

/// What nobody may keep, nobody has.
bool is_any_known_to(Request const& request, Response const& response)
{
    return may_be_304(request, response) && trim(request.if_none_match) == "*" &&
           response.cache_control.find("no-store") == std::string_view::npos;
}

/// Keeps the headers that a 200 would have had and a cache may want to refresh.
void make_not_modified(Response& response)
{
    response.status = 304;
    response.media_type = {};
    response.body = {};
}

struct FreeCompressor {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

/// One per thread: it is large, and not made for sharing.
libdeflate_compressor& compressor()
{
    thread_local std::unique_ptr<libdeflate_compressor, FreeCompressor> const own{
        libdeflate_alloc_compressor(compression_level)};
    if (!own)
        throw std::bad_alloc{};
    return *own;
}

SharedBytes gzip(ByteView plain)
{
    auto& tool = compressor();
    Bytes out(libdeflate_gzip_compress_bound(&tool, plain.size()));
    out.resize(libdeflate_gzip_compress(&tool, plain.data(), plain.size(), out.data(), out.size()));
    return SharedBytes::owning(std::move(out));
}

} // namespace

Response compressed_ahead(Response response)
{
    if (is_worth_compressing(response))
        response.gzipped = gzip(response.body.view);
    return response;
}

Response ready_for_many(Response response)
{
    response = compressed_ahead(std::move(response));
    response.gzipped = in_memory_file(std::move(response.gzipped));
    response.body = in_memory_file(std::move(response.body));
    return response;
}

bool is_known_to(Request const& request, Response const& response)
{
    return may_be_304(request, response) && !response.etag.empty() &&
           lists_tag(request.if_none_match, response.etag);
}

void finish(Request const& request, Response& response)
{
    bool const has_two_forms = is_worth_compressing(response);
    bool const compressed = has_two_forms && prefers_gzip(request.accept_encoding);
    if (has_two_forms)
        response.headers.emplace_back("Vary", "Accept-Encoding");
    if (compressed && !response.etag.empty())
        response.etag += "-gz";
    if (is_known_to(request, response) || is_any_known_to(request, response)) {
        make_not_modified(response);
    } else if (compressed) {
        response.body = response.gzipped.view.empty() ? gzip(response.body.view) : response.gzipped;
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
}

} // namespace ardoise
