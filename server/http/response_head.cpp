// SPDX-License-Identifier: Apache-2.0
#include "server/http/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ardoise {

namespace {

constexpr std::string_view for_any_page =
    "\r\nAccess-Control-Allow-Origin: *"
    "\r\nAccess-Control-Expose-Headers: ETag, Content-Bbox, Content-Crs, OATiles-hint, Retry-After, Warning";
constexpr std::string_view headers_of_every_response = "\r\nX-Content-Type-Options: nosniff";

bool is_control(char c)
{
    auto const code = static_cast<unsigned char>(c);
    return code < 0x20 || code == 0x7f;
}

bool is_token(std::string_view name)
{
    auto const allowed = [](char c) {
        bool const letter_or_digit =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter_or_digit || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

void append_value(std::string& out, std::string_view value)
{
    auto const start = out.size();
    out += value;
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), is_control, ' ');
}

/// `name` comes with what stands before and after it: "\r\nETag: ".
void append_if_any(std::string& out, std::string_view name, std::string_view value)
{
    if (value.empty())
        return;
    out += name;
    append_value(out, value);
}

void append_number(std::string& out, std::size_t number)
{
    fmt::format_int const digits{number};
    out.append(digits.data(), digits.size());
}

void append_tag(std::string& out, std::string_view tag)
{
    if (tag.empty())
        return;
    out += "\r\nETag: \"";
    append_value(out, tag);
    out += '"';
}

void append_two_digits(std::string& out, unsigned number)
{
    out += static_cast<char>('0' + number / 10 % 10);
    out += static_cast<char>('0' + number % 10);
}

void append_date(std::string& out, std::chrono::system_clock::time_point time)
{
    using namespace std::chrono;
    static constexpr std::array<std::string_view, 7> days{"Sun, ", "Mon, ", "Tue, ", "Wed, ",
                                                          "Thu, ", "Fri, ", "Sat, "};
    static constexpr std::array<std::string_view, 12> months{" Jan ", " Feb ", " Mar ", " Apr ",
                                                             " May ", " Jun ", " Jul ", " Aug ",
                                                             " Sep ", " Oct ", " Nov ", " Dec "};
    auto const midnight = floor<std::chrono::days>(time);
    year_month_day const date{midnight};
    auto const seconds_of_day = static_cast<unsigned>(floor<seconds>(time - midnight).count());
    out += days[weekday{midnight}.c_encoding()];
    append_two_digits(out, static_cast<unsigned>(date.day()));
    out += months[static_cast<unsigned>(date.month()) - 1];
    append_number(out, static_cast<std::size_t>(std::max(0, static_cast<int>(date.year()))));
    out += ' ';
    append_two_digits(out, seconds_of_day / 3600);
    out += ':';
    append_two_digits(out, seconds_of_day / 60 % 60);
    out += ':';
    append_two_digits(out, seconds_of_day % 60);
    out += " GMT";
}

/// What the heads of a layer's tiles have in common.
struct HeadKind {
    int status = 0;
    std::string_view media_type, cache_control;
    std::optional<std::chrono::system_clock::time_point> last_modified;
    Readers readers = Readers::any_page;

    friend bool operator==(HeadKind const&, HeadKind const&) = default;
};

std::string lines_of(HeadKind const& kind)
{
    std::string out = "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(kind.status));
    out += ' ';
    out += reason_phrase(kind.status);
    append_if_any(out, "\r\nContent-Type: ", kind.media_type);
    append_if_any(out, "\r\nCache-Control: ", kind.cache_control);
    if (kind.last_modified) {
        out += "\r\nLast-Modified: ";
        append_date(out, *kind.last_modified);
    }
    if (kind.readers == Readers::any_page)
        out += for_any_page;
    out += headers_of_every_response;
    return out;
}

/// Most responses are of the kind that was sent before: its lines are written once, and copied until another
/// comes.
void append_repeated_lines(std::string& out, HeadKind const& kind)
{
    thread_local HeadKind last;
    thread_local std::string lines;
    if (kind != last) {
        lines = lines_of(kind);
        last = kind;
    }
    out += lines;
}

std::string_view connection_header(Persistence persistence)
{
    switch (persistence) {
    case Persistence::close:
        return "\r\nConnection: close";
    case Persistence::keep_and_say_so:
        return "\r\nConnection: keep-alive";
    case Persistence::keep:
        break;
    }
    return {};
}

} // namespace

std::string_view reason_phrase(int status)
{
    switch (status) {
    case 100:
        return "Continue";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        break;
    }
    return status < 300   ? "OK"
           : status < 400 ? "Redirection"
           : status < 500 ? "Client Error"
                          : "Server Error";
}

bool may_have_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

std::string http_date(std::chrono::system_clock::time_point time)
{
    std::string out;
    append_date(out, time);
    return out;
}

void append_head(std::string& out, Response const& response, std::string_view date, Persistence persistence,
                 Readers readers)
{
    append_repeated_lines(
        out, {response.status, response.media_type, response.cache_control, response.last_modified, readers});
    out.append("\r\nDate: ").append(date);
    if (may_have_body(response.status)) {
        out += "\r\nContent-Length: ";
        append_number(out, response.body.size());
    }
    append_tag(out, response.etag);
    for (auto const& [name, value] : response.headers) {
        if (!is_token(name))
            continue;
        out.append("\r\n").append(name).append(": ");
        append_value(out, value);
    }
    out += connection_header(persistence);
    out += "\r\n\r\n";
}

} // namespace ardoise
