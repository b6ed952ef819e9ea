// SPDX-License-Identifier: Apache-2.0
// An HTTP response as a value, and what a handler may answer: a response, or work that will make one.
#pragma once

#include "pyramid/base/bytes.hpp"
#include "server/exchange/request.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ardoise {

/// What the connection sends. Content-Length, Date, CORS headers and Connection are its own affair.
struct Response {
    int status = 200;
    std::string_view media_type; // one of a few, which last for ever
    SharedBytes body;
    SharedBytes gzipped = {};            // the same, compressed ahead of all requests; empty = not done
    std::string etag = {};               // without quotes; strong; empty = none
    std::string_view cache_control = {}; // the same; empty = no header
    std::optional<std::chrono::system_clock::time_point> last_modified = std::nullopt;
    std::vector<std::pair<std::string, std::string>> headers = {}; // further ones; no CR, LF or NUL inside
};

/// What takes time: done on another thread, never on a connection's.
struct Work {
    /// Keeps a core busy (a map to render), or waits for a disk: few do the one at a time, many the other.
    enum class Kind { drawing, reading };

    std::function<Response()> make;
    /// All that the response depends on, as text: of those who wait for work of the same key one has it done,
    /// and each gets the response. Empty: nobody shares it.
    std::string key = {};
    Kind kind = Kind::drawing;

    Response operator()() const { return make(); }
};
using Reply = std::variant<Response, Work>;

/// Answers any request; called on the connections' threads, from several at once, so it must be quick and
/// safe to share. An exception that leaves it (or the Work) is logged and answered 500 without its text.
using Handler = std::function<Reply(Request const&)>;

/// An ETag made of a hash: eleven digits, of 64 values each.
std::string tag_of(std::uint64_t hash);

/// The reply with its response changed, now or once it is made. `key` says how, so that of those who wait for
/// the same work none gets a response that another one's was changed to.
Reply changed(Reply reply, std::string_view key, std::function<void(Response&)> change);

/// A text body with its media type.
Response text_response(int status, std::string_view media_type, std::string text);

/// The response with its gzipped form, where finish() would compress it.
Response compressed_ahead(Response response);

/// The same for one that all clients will get: both forms lie in files in memory, where they are large
/// (memory_file.hpp).
Response ready_for_many(Response response);

/// Whether 304 says all of the response, which may have no body yet: If-None-Match lists its ETag. `*` lists
/// none: it means whatever there is, and that shows when it is made (finish()).
bool is_known_to(Request const& request, Response const& response);

/// Makes of `response` what is really sent for it: 304 without body when it is known to the client, or when
/// the client says `*` and it is a 200 that may be kept (RFC 9110, 13.1.2: a mistake stays one, and so does
/// one told as a picture); gzip when the client accepts it (q-values respected) and the body is XML, JSON,
/// HTML, CSS, JavaScript, SVG or plain text of more than 1 kB (then with Vary: Accept-Encoding and the ETag
/// marked, `abc-gz`, so that both forms have tags of their own).
void finish(Request const& request, Response& response);

} // namespace ardoise
