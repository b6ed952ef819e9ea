// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1.1 response as text: status line and headers, to the empty line.
#pragma once

#include "server/exchange/response.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ardoise {

/// What the connection says of itself: HTTP/1.1 clients expect it to stay open, HTTP/1.0 clients want it
/// said.
enum class Persistence { close, keep, keep_and_say_so };

/// Whether pages of other sites may read the response (CORS).
enum class Readers { any_page, same_site };

/// Appends the head of `response`. Nothing in it can start a line of its own: control characters in values
/// become spaces, headers whose name is not a token are left out.
void append_head(std::string& out, Response const& response, std::string_view date, Persistence persistence,
                 Readers readers = Readers::any_page);

/// False for the statuses that HTTP sends without any: 1xx, 204, 304.
bool may_have_body(int status);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::chrono::system_clock::time_point time);

/// "Not Found" for 404; the class's own name where the status is not one of ours.
std::string_view reason_phrase(int status);

} // namespace ardoise
