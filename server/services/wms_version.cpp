// SPDX-License-Identifier: Apache-2.0
#include "server/services/wms_version.hpp"

#include "pyramid/base/number.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// "1.3.0": three integers, compared one after the other.
using VersionNumber = std::array<int, 3>;

constexpr VersionNumber v1_1_0{1, 1, 0}, v1_1_1{1, 1, 1}, v1_3_0{1, 3, 0};

std::string_view version_text(Query const& query)
{
    auto const version = query.find("VERSION");
    return version && !version->empty() ? *version : query.find("WMTVER").value_or("");
}

std::optional<VersionNumber> parse_version(std::string_view text)
{
    auto const pieces = split_exactly<3>(text, '.');
    if (!pieces)
        return std::nullopt;
    VersionNumber version{};
    for (std::size_t i = 0; i < version.size(); ++i) {
        auto const number = parse_number<int>((*pieces)[i]);
        if (!number || *number < 0)
            return std::nullopt;
        version[i] = *number;
    }
    return version;
}

} // namespace

WmsVersion negotiate(Query const& query)
{
    auto const version = parse_version(version_text(query));
    return !version || *version >= v1_3_0 ? WmsVersion::v1_3_0 : WmsVersion::v1_1_1;
}

Result<WmsVersion> stated_version(Query const& query)
{
    auto const text = version_text(query);
    if (text.empty())
        return OgcError{"MissingParameterValue", "VERSION", "The parameter VERSION is missing."};
    auto const version = parse_version(text);
    if (version == v1_3_0)
        return WmsVersion::v1_3_0;
    if (version == v1_1_1 || version == v1_1_0)
        return WmsVersion::v1_1_1;
    return OgcError{"InvalidParameterValue", "VERSION",
                    fmt::format("The versions of this service are 1.3.0 and 1.1.1, not \"{}\".", text)};
}

} // namespace ardoise
