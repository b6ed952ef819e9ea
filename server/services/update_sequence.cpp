// SPDX-License-Identifier: Apache-2.0
#include "server/services/update_sequence.hpp"

#include "pyramid/base/number.hpp"

#include <fmt/format.h>

namespace ardoise {

UpdateSequence compare_update_sequence(Query const& query, Catalog const& catalog)
{
    auto const text = query.find("UPDATESEQUENCE").value_or("");
    if (text.empty())
        return UpdateSequence::unstated_or_lower;
    auto const stated = parse_number<double>(text); // some write it as 1.7E12
    auto const own = static_cast<double>(catalog.update_sequence());
    if (!stated || *stated > own)
        return UpdateSequence::higher;
    return *stated == own ? UpdateSequence::current : UpdateSequence::unstated_or_lower;
}

std::string update_sequence_text(Catalog const& catalog)
{
    return fmt::format("{}", catalog.update_sequence());
}

OgcError invalid_update_sequence(Catalog const& catalog)
{
    return {"InvalidUpdateSequence", "updateSequence",
            fmt::format("The update sequence of this service is {}; a higher one is not known here.",
                        catalog.update_sequence())};
}

} // namespace ardoise
