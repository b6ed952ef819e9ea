// SPDX-License-Identifier: Apache-2.0
#include "server/services/wmts_sections.hpp"

#include "pyramid/base/letter_case.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

struct Section {
    char const* name;
    bool WmtsSections::*is_in;
};

constexpr Section known[] = {{"ServiceIdentification", &WmtsSections::service_identification},
                             {"ServiceProvider", &WmtsSections::service_provider},
                             {"OperationsMetadata", &WmtsSections::operations_metadata},
                             {"Contents", &WmtsSections::contents},
                             {"Themes", &WmtsSections::themes}};

} // namespace

Result<WmtsSections> parse_sections(Query const& query)
{
    auto const text = query.find("SECTIONS");
    if (!text)
        return WmtsSections{};
    if (text->empty())
        return OgcError{"MissingParameterValue", "sections",
                        "The parameter sections is empty; leave it out."};
    auto sections = WmtsSections::none();
    for (auto rest = *text; !rest.empty();) {
        auto const name = cut_piece(rest, ',');
        if (equal_ignoring_case(name, "All"))
            return WmtsSections{};
        auto const found = std::find_if(std::begin(known), std::end(known), [name](Section const& section) {
            return equal_ignoring_case(section.name, name);
        });
        if (found == std::end(known))
            return OgcError{"InvalidParameterValue", "sections",
                            fmt::format("There is no section \"{}\"; there are ServiceIdentification, "
                                        "ServiceProvider, OperationsMetadata, Contents, Themes and All.",
                                        name)};
        sections.*found->is_in = true;
    }
    return sections;
}

std::string key_of(WmtsSections const& sections)
{
    std::string key;
    for (auto const& section : known)
        key += sections.*section.is_in ? '1' : '0';
    return key;
}

} // namespace ardoise
