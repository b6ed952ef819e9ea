// SPDX-License-Identifier: Apache-2.0
#include "server/services/language.hpp"

namespace ardoise {

namespace {

constexpr std::size_t longest_tag = 35; // RFC 5646, 4.4.1

/// "fr" for "fre", as INSPIRE calls it; what we do not speak ourselves as it is.
std::string usual_tag(std::string_view code)
{
    auto const spoken = find_language(code);
    return std::string{spoken ? code_of(*spoken) : code.substr(0, longest_tag)};
}

} // namespace

std::string language_of(ServiceDescription const& service)
{
    return usual_tag(service.inspire ? service.inspire->language : service.language);
}

std::string wanted_language(Query const& query, ServiceDescription const& service)
{
    auto const wanted = query.find("LANGUAGE").value_or("");
    return wanted.empty() ? language_of(service) : usual_tag(wanted);
}

Language spoken_language(std::string_view tag)
{
    return find_language(tag).value_or(Language::english);
}

} // namespace ardoise
