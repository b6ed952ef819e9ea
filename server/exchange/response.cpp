// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/response.hpp"

namespace ardoise {

Response text_response(int status, std::string media_type, std::string text)
{
    auto const kept = std::make_shared<std::string const>(std::move(text));
    return {.status = status, .media_type = std::move(media_type), .body = {as_bytes(*kept), kept}};
}

} // namespace ardoise
