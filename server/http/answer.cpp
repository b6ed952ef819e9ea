// SPDX-License-Identifier: Apache-2.0
#include "server/http/answer.hpp"

#include "pyramid/base/log.hpp"
#include "server/http/response_head.hpp"

#include <fmt/format.h>

#include <exception>
#include <random>

namespace ardoise {

namespace {

constexpr auto plain_text = "text/plain; charset=utf-8";

std::string new_request_id()
{
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

/// Log and client share nothing but the id.
Response internal_error(std::string const& path, std::string_view what)
{
    auto const id = new_request_id();
    log(LogLevel::error, "request failed", {{"id", id}, {"path", path}, {"what", std::string{what}}});
    return text_response(500, plain_text, fmt::format("Internal error, noted in the log as {}\n", id));
}

/// What `answer` returns, or a 500 if it throws.
template <typename Answer>
auto guarded(std::string const& path, Answer answer) -> decltype(answer())
{
    try {
        return answer();
    } catch (std::exception const& error) {
        return internal_error(path, error.what());
    } catch (...) {
        return internal_error(path, "an exception of unknown type");
    }
}

/// It outlives the request of the one who asked first.
Work guarded_work(std::string path, Work work)
{
    work.make = [path = std::move(path), make = std::move(work.make)] { return guarded(path, make); };
    return work;
}

/// What browsers ask before a cross-origin request, and what anybody may ask.
Response preflight()
{
    constexpr auto methods = "GET, HEAD, OPTIONS";
    Response response{.status = 204, .media_type = {}, .body = {}};
    response.headers = {{"Allow", methods},
                        {"Access-Control-Allow-Methods", methods},
                        {"Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match, Range"},
                        {"Access-Control-Max-Age", "86400"}};
    return response;
}

} // namespace

Reply ask(Handler const& handler, Request const& request)
{
    if (request.method == Method::options)
        return preflight();
    return guarded(request.path, [&]() -> Reply {
        auto reply = handler(request);
        if (auto* work = std::get_if<Work>(&reply))
            *work = guarded_work(request.path, std::move(*work));
        else
            finish(request, std::get<Response>(reply));
        return reply;
    });
}

Response complete(Response made, Request const& request)
{
    return guarded(request.path, [&] {
        finish(request, made);
        return std::move(made);
    });
}

Response too_busy()
{
    auto response = text_response(503, plain_text, "Too much is being asked for. Try again in a moment.\n");
    response.headers = {{"Retry-After", "1"}};
    return response;
}

Response refusal(int status)
{
    return text_response(status, plain_text, fmt::format("{}\n", reason_phrase(status)));
}

} // namespace ardoise
