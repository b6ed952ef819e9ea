// SPDX-License-Identifier: Apache-2.0
// Bytes to requests, one after the other, without a socket. Internal to server/http: it shows Beast.
#pragma once

#include "server/exchange/request.hpp"
#include "server/http/server.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <optional>

namespace ardoise {

namespace beast = boost::beast;

/// Beast's parser, filling a Request straight away instead of a container of headers.
class RequestParser final : public beast::http::basic_parser<true> {
public:
    RequestParser(HttpOptions const& limits, Request& request);

    bool has_request_line() const { return has_request_line_; }
    bool is_http_1_0() const { return version_ == 10; }
    bool wants_continue() const { return wants_continue_; }
    bool target_is_too_long() const { return target_is_too_long_; }

private:
    using ErrorCode = beast::error_code;
    using Text = beast::string_view;

    void on_request_impl(beast::http::verb, Text method, Text target, int version, ErrorCode&) override;
    void on_response_impl(int, Text, int, ErrorCode&) override {}
    void on_field_impl(beast::http::field, Text name, Text value, ErrorCode&) override;
    void on_header_impl(ErrorCode&) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode&) override {}
    std::size_t on_body_impl(Text piece, ErrorCode&) override;
    void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t remaining, Text piece, ErrorCode&) override;
    void on_finish_impl(ErrorCode&) override {}

    Request* request_;
    int version_ = 11;
    int hosts_ = 0;
    bool has_request_line_ = false;
    bool wants_continue_ = false;
    bool target_is_too_long_ = false;
};

/// Reads the requests of one connection. The Request is the same object each time, so its memory is used
/// again.
class RequestReader {
public:
    /// more: give me more bytes; awaited: the same, but the client waits for "100 Continue"; whole: request()
    /// is there; refused: answer refusal_status() and close.
    enum class Progress { more, awaited, whole, refused };

    explicit RequestReader(HttpOptions const& limits);

    /// Takes from `buffer` what belongs to the current request; what follows it stays.
    Progress feed(beast::flat_buffer& buffer);
    /// Forgets the current request and starts with the next.
    void next();

    /// Whether no byte of the current request has been seen.
    bool is_idle() const { return !seen_any_; }
    Request const& request() const { return request_; }
    bool keep_alive() const { return parser_->keep_alive(); }
    bool is_http_1_0() const { return parser_->is_http_1_0(); }
    int refusal_status() const { return refusal_status_; }

private:
    Progress refuse(int status);

    HttpOptions const* limits_;
    Request request_;
    std::optional<RequestParser> parser_;
    int refusal_status_ = 0;
    bool seen_any_ = false;
    bool sent_continue_ = false;
};

} // namespace ardoise
