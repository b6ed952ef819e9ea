// SPDX-License-Identifier: Apache-2.0
// The listener for those who run the server: metrics.
#pragma once

#include "server/http/server.hpp"

#include <functional>
#include <string>
#include <thread>

namespace ardoise {

/// Listens on a thread of its own until destroyed, so that it answers when all others are busy.
class Admin {
public:
    /// `metrics` is called for each request. Throws Failure as HttpServer does.
    Admin(HttpOptions options, std::function<std::string()> metrics);
    ~Admin() { server_.stop(); }
    Admin(Admin const&) = delete;
    Admin& operator=(Admin const&) = delete;

    std::uint16_t port() const { return server_.port(); }

private:
    HttpServer server_;
    std::jthread thread_{[this] { server_.run(); }}; // last: it uses the server
};

} // namespace ardoise
