// SPDX-License-Identifier: Apache-2.0
#include "server/http/request_reader.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace ardoise {

namespace http = beast::http;

namespace {

constexpr std::size_t max_target_bytes = 8 << 10;

Method method_of(http::verb verb)
{
    switch (verb) {
    case http::verb::get:
        return Method::get;
    case http::verb::head:
        return Method::head;
    case http::verb::options:
        return Method::options;
    case http::verb::post:
        return Method::post;
    case http::verb::put:
        return Method::put;
    case http::verb::delete_:
        return Method::delete_;
    default:
        return Method::other;
    }
}

void clear(Request& request)
{
    request.host.clear();
    request.if_none_match.clear();
    request.accept.clear();
    request.accept_encoding.clear();
    request.authorization.clear();
    request.body.clear();
}

/// Several headers of one name are one list (RFC 9110, 5.3).
void add_to_list(std::string& list, beast::string_view value)
{
    if (!list.empty())
        list += ", ";
    list.append(value.data(), value.size());
}

/// Some clients end a body with a line end that belongs to nothing (RFC 9112, 2.2).
void skip_empty_line(beast::flat_buffer& buffer)
{
    auto const bytes = buffer.data();
    std::string_view const text{static_cast<char const*>(bytes.data()), bytes.size()};
    if (text.starts_with("\r\n"))
        buffer.consume(2);
}

bool holds_only(beast::flat_buffer const& buffer, char c)
{
    return buffer.size() == 1 && *static_cast<char const*>(buffer.data().data()) == c;
}

int status_for(beast::error_code const& trouble, RequestParser const& parser)
{
    if (parser.target_is_too_long())
        return 414;
    if (trouble == http::error::body_limit)
        return 413;
    if (trouble == http::error::header_limit)
        return parser.has_request_line() ? 431 : 414;
    return 400;
}

} // namespace

RequestParser::RequestParser(HttpOptions const& limits, Request& request) : request_{&request}
{
    header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
    body_limit(limits.max_body_bytes);
    eager(true);
}

void RequestParser::on_request_impl(http::verb verb, Text, Text target, int version, ErrorCode& trouble)
{
    has_request_line_ = true;
    version_ = version;
    clear(*request_);
    request_->method = method_of(verb);
    target_is_too_long_ = target.size() > max_target_bytes;
    bool const asks_about_server = verb == http::verb::options && target == "*";
    if (asks_about_server)
        target = "/";
    if (target_is_too_long_ || !assign_target(*request_, std::string_view{target.data(), target.size()}))
        trouble = http::error::bad_target;
}

void RequestParser::on_field_impl(http::field field, Text, Text value, ErrorCode& trouble)
{
    if (is_header_done())
        return; // a trailer: nothing there is for us
    switch (field) {
    case http::field::host:
        ++hosts_;
        request_->host.assign(value.data(), value.size());
        break;
    case http::field::if_none_match:
        add_to_list(request_->if_none_match, value);
        break;
    case http::field::accept:
        add_to_list(request_->accept, value);
        break;
    case http::field::accept_encoding:
        add_to_list(request_->accept_encoding, value);
        break;
    case http::field::authorization:
        request_->authorization.assign(value.data(), value.size());
        break;
    case http::field::expect:
        wants_continue_ = beast::iequals(value, "100-continue");
        break;
    case http::field::transfer_encoding:
        // Beast ignores the codings that it does not know: two readers would see two different bodies.
        if (!beast::iequals(value, "chunked") || is_http_1_0())
            trouble = http::error::bad_transfer_encoding;
        break;
    default:
        break;
    }
}

void RequestParser::on_header_impl(ErrorCode& trouble)
{
    bool const one_host = hosts_ == 1 || (hosts_ == 0 && is_http_1_0());
    if (!one_host)
        trouble = http::error::bad_field;
}

std::size_t RequestParser::on_body_impl(Text piece, ErrorCode&)
{
    if (request_->method != Method::get && request_->method != Method::head)
        request_->body.append(piece.data(), piece.size());
    return piece.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text piece, ErrorCode& trouble)
{
    return on_body_impl(piece, trouble);
}

RequestReader::RequestReader(HttpOptions const& limits) : limits_{&limits}
{
    next();
}

void RequestReader::next()
{
    parser_.emplace(*limits_, request_);
    request_.method = Method::get;
    seen_any_ = false;
    sent_continue_ = false;
}

RequestReader::Progress RequestReader::refuse(int status)
{
    refusal_status_ = status;
    return Progress::refused;
}

RequestReader::Progress RequestReader::feed(beast::flat_buffer& buffer)
{
    if (!parser_->got_some())
        skip_empty_line(buffer);
    if (buffer.size() == 0 || (!parser_->got_some() && holds_only(buffer, '\r')))
        return Progress::more;
    seen_any_ = true;
    beast::error_code trouble;
    auto const taken = parser_->put(beast::net::const_buffer{buffer.data()}, trouble);
    buffer.consume(taken);
    if (trouble && trouble != http::error::need_more)
        return refuse(status_for(trouble, *parser_));
    if (parser_->is_done())
        return Progress::whole;
    if (buffer.size() >= buffer.max_size())
        return refuse(431); // a trailer or a chunk's extension without end
    if (parser_->is_header_done() && parser_->wants_continue() && !sent_continue_) {
        sent_continue_ = true;
        return Progress::awaited;
    }
    return Progress::more;
}

} // namespace ardoise
