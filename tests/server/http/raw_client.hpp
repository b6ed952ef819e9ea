// SPDX-License-Identifier: Apache-2.0
// A client that sends exactly the bytes it is told to, and waits for what comes back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ardoise {

/// A response as it came over the wire; header names in lower case.
struct RawResponse {
    int status = 0;
    std::string head; // with status line and empty line
    std::map<std::string, std::string> headers;
    std::string body;
    std::string header(std::string const& name) const;
};

/// A blocking socket. Nothing waits for longer than 30 s; then, as on any failure, Failure is thrown.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    void send(std::string_view text);
    /// send() in as many writes as there are bytes.
    void send_byte_by_byte(std::string_view text);
    /// Says that nothing more will be sent; goes on listening.
    void end_sending();
    /// Closes at once with a reset.
    void reset();

    /// The next response. `to_head`: the request was HEAD, so no body follows.
    RawResponse receive(bool to_head = false);
    RawResponse ask(std::string_view request);
    /// Whether the server closed the connection without a further byte. Waits for the one or the other.
    bool is_closed();
    /// Everything until the server closes.
    std::string receive_all();

private:
    /// False when the server has closed.
    bool receive_more();

    int socket_ = -1;
    std::string received_;
};

/// "GET /x HTTP/1.1" with a host and further header lines, each with its line end.
std::string get(std::string_view target, std::string_view headers = {});

} // namespace ardoise
