// SPDX-License-Identifier: Apache-2.0
#include "server/admin.hpp"

#include <utility>

namespace ardoise {

namespace {

constexpr auto plain_text = "text/plain; charset=utf-8";

HttpOptions for_few(HttpOptions options)
{
    options.io_threads = options.render_threads = options.reading_threads = 1;
    options.max_connections = 16;
    options.any_page_may_read = false;
    options.drain_timeout = std::chrono::seconds{1};
    return options;
}

/// As a page is not that had its own name lead to this machine. HTTP/1.0 names no host.
bool names_this_machine(std::string_view host)
{
    auto const bracket = host.find(']');
    auto const name = host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket));
    bool const is_number = name.find_first_not_of("0123456789.") == std::string_view::npos;
    return host.empty() || name == "localhost" || name == "[::1]" || (name.starts_with("127.") && is_number);
}

Response answer(Request const& request, std::function<std::string()> const& metrics)
{
    if (!names_this_machine(request.host))
        return text_response(403, plain_text, "Ask by the address of this machine, as in 127.0.0.1.\n");
    if (request.path != "/metrics")
        return text_response(404, plain_text, "There is only /metrics here.\n");
    if (request.method != Method::get && request.method != Method::head) {
        auto response = text_response(405, plain_text, "Only GET and HEAD are answered here.\n");
        response.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
        return response;
    }
    auto response = text_response(200, "text/plain; version=0.0.4; charset=utf-8", metrics());
    response.cache_control = "no-store";
    return response;
}

} // namespace

Admin::Admin(HttpOptions options, std::function<std::string()> metrics)
    : server_{for_few(std::move(options)),
              [metrics = std::move(metrics)](Request const& request) { return answer(request, metrics); }}
{
}

} // namespace ardoise
