// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/response.hpp"

namespace ardoise {

std::string tag_of(std::uint64_t hash)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string tag(11, ' ');
    for (char& c : tag) {
        c = digits[hash & 63];
        hash >>= 6;
    }
    return tag;
}

Response text_response(int status, std::string_view media_type, std::string text)
{
    auto const kept = std::make_shared<std::string const>(std::move(text));
    return {.status = status, .media_type = media_type, .body = {as_bytes(*kept), kept}};
}

Reply changed(Reply reply, std::string_view key, std::function<void(Response&)> change)
{
    if (auto* const response = std::get_if<Response>(&reply)) {
        change(*response);
        return reply;
    }
    auto& work = std::get<Work>(reply);
    if (!work.key.empty())
        work.key.append(" ").append(key);
    work.make = [make = std::move(work.make), change = std::move(change)] {
        auto response = make();
        change(response);
        return response;
    };
    return reply;
}

} // namespace ardoise
