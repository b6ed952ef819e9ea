// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/service_description.hpp"

#include "pyramid/base/handwritten_json.hpp"
#include "styles/multilingual_text.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// Leaves `into` as it is where the member is not there.
void take_words(JsonReader const& json, char const* name, std::string& into)
{
    if (auto const found = json.find(name))
        into = read_words(*found);
}

void take_list(JsonReader const& json, char const* name, std::vector<std::string>& into)
{
    if (auto const found = json.find(name))
        into = read_list_of_words(*found);
}

Provider parse_provider(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"name", "url"});
    Provider provider{.name = read_words(json.at("name"))};
    if (auto const url = json.find("url"))
        provider.url = read_web_address(*url);
    return provider;
}

Contact parse_contact(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"person", "organisation", "position", "address_type", "address", "city",
                            "state_or_province", "post_code", "country", "phone", "fax", "email"});
    Contact contact;
    take_words(json, "person", contact.person);
    take_words(json, "organisation", contact.organisation);
    take_words(json, "position", contact.position);
    take_words(json, "address_type", contact.address_type);
    take_words(json, "address", contact.address);
    take_words(json, "city", contact.city);
    take_words(json, "state_or_province", contact.state_or_province);
    take_words(json, "post_code", contact.post_code);
    take_words(json, "country", contact.country);
    take_words(json, "phone", contact.phone);
    take_words(json, "fax", contact.fax);
    take_words(json, "email", contact.email);
    return contact;
}

std::string without_slash_at_end(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

/// As common.xsd has it: something before the only @, and a dot within what follows.
bool is_mail_address(std::string_view text)
{
    auto const at = text.find('@');
    if (at == 0 || at == std::string_view::npos)
        return false;
    auto const host = text.substr(at + 1);
    auto const dot = host.find('.');
    return host.find('@') == std::string_view::npos && dot > 0 && dot < host.size() - 1;
}

/// Whoever answers for a service of INSPIRE is named, with an address (guidance, 4.2.3.3.1).
void check_responsible_party(JsonReader const& inspire, std::optional<Contact> const& contact)
{
    if (!contact || contact->organisation.empty() || contact->email.empty())
        inspire.refuse(
            "wants somebody who answers for the service: say \"contact\" with \"organisation\" and "
            "\"email\"");
    if (!is_mail_address(contact->email))
        inspire.refuse(
            fmt::format("wants an address like geomatics@angers.example.fr in the contact's email, not "
                        "\"{}\"",
                        contact->email));
}

std::string read_language(JsonReader const& json)
{
    if (!is_language_tag(json.string()))
        json.refuse(fmt::format("expected a language as fr or en, not \"{}\"", json.string()));
    return json.string();
}

} // namespace

Configuration parse_configuration(HandwrittenJson const& file)
{
    auto const json = file.root();
    file.check_names(json, {"language", "title", "abstract", "keywords", "provider", "contact", "fees",
                            "access_constraints", "public_url", "layer_order", "inspire"});
    Configuration configuration;
    auto& service = configuration.service;
    if (auto const language = json.find("language"))
        service.language = read_language(*language);
    take_words(json, "title", service.title);
    take_words(json, "abstract", service.abstract);
    take_list(json, "keywords", service.keywords);
    if (auto const provider = json.find("provider"))
        service.provider = parse_provider(file, *provider);
    if (auto const contact = json.find("contact"))
        service.contact = parse_contact(file, *contact);
    if (auto const inspire = json.find("inspire")) {
        service.inspire = parse_inspire_description(file, *inspire);
        if (auto const language = json.find("language"))
            language->refuse("is said by inspire.language: leave it out here");
        check_responsible_party(*inspire, service.contact);
        service.fees = "no conditions apply"; // the words that the guidance has for none
    }
    take_words(json, "fees", service.fees);
    take_words(json, "access_constraints", service.access_constraints);
    take_list(json, "layer_order", service.layer_order);
    if (auto const url = json.find("public_url"))
        configuration.public_url = without_slash_at_end(read_web_address(*url));
    return configuration;
}

Configuration read_configuration(std::filesystem::path const& file)
{
    return parse_configuration(HandwrittenJson{file});
}

} // namespace ardoise
