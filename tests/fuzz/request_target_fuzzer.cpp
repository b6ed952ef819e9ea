// SPDX-License-Identifier: Apache-2.0
// Any bytes as a request target: refused, or a path and parameters that keep their promises.
#include "server/exchange/request.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

bool has_nul(std::string_view text)
{
    return text.find('\0') != std::string_view::npos;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const target{reinterpret_cast<char const*>(data), size};
    auto const parsed = ardoise::parse_target(target);
    if (!parsed)
        return 0;
    auto const& [path, query] = *parsed;
    require(path.starts_with('/') && !has_nul(path) && path.size() <= size + 1);
    require(query.parameters().size() <= ardoise::Query::max_parameters);
    for (auto const& [key, value] : query.parameters()) {
        require(!key.empty() && !has_nul(key) && !has_nul(value));
        require(query.find(key).has_value());
    }
    return 0;
}
