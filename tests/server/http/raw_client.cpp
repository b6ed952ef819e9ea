// SPDX-License-Identifier: Apache-2.0
#include "tests/server/http/raw_client.hpp"

#include "pyramid/base/failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ardoise {

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

int number_in(std::string_view text)
{
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

RawResponse parse_head(std::string head)
{
    RawResponse response;
    response.status = head.size() > 12 ? number_in(std::string_view{head}.substr(9, 3)) : 0;
    auto start = head.find("\r\n") + 2;
    for (auto end = head.find("\r\n", start); end != start; end = head.find("\r\n", start)) {
        auto const line = head.substr(start, end - start);
        auto const colon = line.find(": ");
        if (colon == std::string::npos)
            fail("not a header: {}", line);
        response.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
        start = end + 2;
    }
    response.head = std::move(head);
    return response;
}

template <typename Value>
void set_option(int socket, int level, int name, Value const& value)
{
    if (::setsockopt(socket, level, name, &value, sizeof value) != 0)
        fail("setsockopt: {}", std::strerror(errno));
}

} // namespace

std::string RawResponse::header(std::string const& name) const
{
    auto const found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
}

RawClient::RawClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    set_option(socket_, SOL_SOCKET, SO_RCVTIMEO, timeval{.tv_sec = 30, .tv_usec = 0});
    set_option(socket_, SOL_SOCKET, SO_SNDTIMEO, timeval{.tv_sec = 30, .tv_usec = 0});
    set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        auto const why = std::strerror(errno);
        ::close(socket_);
        fail("connect to port {}: {}", port, why);
    }
}

RawClient::~RawClient()
{
    if (socket_ >= 0)
        ::close(socket_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}, received_{std::move(other.received_)}
{
}

void RawClient::send(std::string_view text)
{
    while (!text.empty()) {
        auto const sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            fail("send: {}", std::strerror(errno));
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void RawClient::send_byte_by_byte(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i)
        send(text.substr(i, 1));
}

void RawClient::end_sending()
{
    ::shutdown(socket_, SHUT_WR);
}

void RawClient::reset()
{
    set_option(socket_, SOL_SOCKET, SO_LINGER, linger{.l_onoff = 1, .l_linger = 0});
    ::close(std::exchange(socket_, -1));
}

bool RawClient::receive_more()
{
    std::array<char, 16384> piece;
    auto const size = ::recv(socket_, piece.data(), piece.size(), 0);
    if (size < 0 && errno != ECONNRESET)
        fail("recv: {}", std::strerror(errno));
    if (size > 0)
        received_.append(piece.data(), static_cast<std::size_t>(size));
    return size > 0;
}

RawResponse RawClient::receive(bool to_head)
{
    std::size_t end;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
        if (!receive_more())
            fail("closed before the end of a head: \"{}\"", received_);
    auto response = parse_head(received_.substr(0, end + 4));
    received_.erase(0, end + 4);
    auto const size = to_head ? 0 : static_cast<std::size_t>(number_in(response.header("content-length")));
    while (received_.size() < size)
        if (!receive_more())
            fail("closed after {} of {} bytes of body", received_.size(), size);
    response.body = received_.substr(0, size);
    received_.erase(0, size);
    return response;
}

RawResponse RawClient::ask(std::string_view request)
{
    send(request);
    return receive();
}

bool RawClient::is_closed()
{
    return received_.empty() && !receive_more();
}

std::string RawClient::receive_all()
{
    while (receive_more()) {
    }
    return std::exchange(received_, {});
}

std::string get(std::string_view target, std::string_view headers)
{
    return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", target, headers);
}

} // namespace ardoise
