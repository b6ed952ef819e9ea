// SPDX-License-Identifier: Apache-2.0
// An HTTP request as a value: what a handler may know of it. No sockets here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ardoise {

enum class Method { get, head, options, post, put, delete_, other };

/// The parameters of a query string, percent-decoded AFTER splitting, `+` read as a space. Keys are
/// case-blind; of repeated keys the first counts; empty pieces (`&&`) and pieces without `=` are tolerated.
class Query {
public:
    /// Nothing when the text has malformed percent-encoding, a NUL, invalid UTF-8 or more than
    /// `max_parameters`.
    static std::optional<Query> parse(std::string_view text);
    static constexpr std::size_t max_parameters = 256;
    /// The same over what stood here before, whose memory is used again. False: malformed, and now empty.
    bool assign(std::string_view text);

    /// The decoded value, or nothing when the key is absent. An empty value is a value.
    std::optional<std::string_view> find(std::string_view key) const;
    bool empty() const { return parameters_.empty(); }
    /// All of them, keys as sent.
    std::vector<std::pair<std::string, std::string>> parameters() const;

private:
    /// Where in the decoded text something stands.
    struct Part {
        std::size_t at = 0, size = 0;
    };
    struct Parameter {
        Part key, value;
    };

    bool decode(Part& part);
    std::string_view read(Part part) const { return {text_.data() + part.at, part.size}; }

    std::string text_; // as it came; keys and values are decoded in their places
    std::vector<Parameter> parameters_;
};

/// One request, parsed. The views of its headers are copies owned by the request.
struct Request {
    Method method = Method::get;
    std::string path =
        {}; // decoded, starts with '/', no query, no NUL, valid UTF-8; "." and ".." are not resolved
    Query query = {};
    std::string host = {};          // as sent: never trusted, never echoed
    std::string if_none_match = {}; // as sent, may list several tags
    std::string accept = {};
    std::string accept_encoding = {};
    std::string authorization = {};
    std::string body = {}; // of POST, PUT and the like, whole; that of GET and HEAD is dropped
};

/// Splits and decodes a request target ("/wmts?SERVICE=WMTS"; an absolute-form target is accepted too).
/// Nothing when it is malformed.
std::optional<std::pair<std::string, Query>> parse_target(std::string_view target);

/// The same into a request, whose memory is used again. False: malformed.
bool assign_target(Request& request, std::string_view target);

} // namespace ardoise
