// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/handwritten_json.hpp"
#include "server/catalog/service_description.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

Configuration parse(std::string const& text)
{
    return parse_configuration(HandwrittenJson{text, "server.json"});
}

} // namespace

TEST_CASE("a configuration says all that the service says of itself")
{
    auto const it = parse(R"({
        // whose it is
        "title": "Photos", "abstract": "Of the city", "keywords": ["ortho"],
        "provider": {"name": "Ville", "url": "https://ville.example"},
        "contact": {"person": "A", "organisation": "B", "position": "C", "address_type": "postal", "address": "D",
                    "city": "E", "state_or_province": "F", "post_code": "G", "country": "H", "phone": "I",
                    "fax": "J", "email": "K"},
        "fees": "free", "access_constraints": "Licence Ouverte 2.0", "public_url": "https://ortho.example/geo//",
        "layer_order": ["b", "a"]})");
    auto const& service = it.service;
    CHECK(service.title == "Photos");
    CHECK(service.abstract == "Of the city");
    CHECK(service.keywords == std::vector<std::string>{"ortho"});
    CHECK(service.provider.name == "Ville");
    CHECK(service.provider.url == "https://ville.example");
    REQUIRE(service.contact);
    auto const& contact = *service.contact;
    CHECK(contact.person + contact.organisation + contact.position + contact.address_type + contact.address +
              contact.city + contact.state_or_province + contact.post_code + contact.country + contact.phone +
              contact.fax + contact.email ==
          "ABCpostalDEFGHIJK");
    CHECK(service.fees == "free");
    CHECK(service.access_constraints == "Licence Ouverte 2.0");
    CHECK(service.layer_order == std::vector<std::string>{"b", "a"});
    CHECK(it.public_url == "https://ortho.example/geo");
}

TEST_CASE("what a configuration does not say is as without it")
{
    auto const it = parse("{}");
    CHECK(it.service.title == ServiceDescription{}.title);
    CHECK(it.service.fees == "none");
    CHECK_FALSE(it.service.contact);
    CHECK(it.public_url.empty());
}

TEST_CASE("each mistake in a configuration is told with its place")
{
    struct {
        char const *text, *message;
    } const rows[] = {
        {"{\n  \"titel\": \"x\"\n}",
         "server.json: line 2: there is no key \"titel\"; the nearest is \"title\""},
        {"{\"contact\": {\n\"mail\": \"x\"}}",
         "server.json: contact: line 2: there is no key \"mail\"; the nearest is \"email\""},
        {R"({"provider": "Ville"})", "server.json: provider: expected an object"},
        {R"({"provider": {"url": "https://x"}})", "server.json: provider: has no \"name\""},
        {R"({"public_url": "ortho.example"})", "server.json: public_url: expected an address like "
                                               "https://ortho.example.fr, not \"ortho.example\""},
        {R"({"public_url": "https://"})",
         "server.json: public_url: expected an address like https://ortho.example.fr, not \"https://\""},
        {R"({"fees": ""})", "server.json: fees: is empty; leave it out, or write something"},
        {"{\n\"title\": \"x\"\n\"fees\": 1}", "server.json: line 3: not JSON: syntax error"}};
    for (auto const& row : rows) {
        INFO(row.text);
        CHECK(test::failure_text([&] { parse(row.text); }) == row.message);
    }
}

TEST_CASE("a configuration that is not there is named")
{
    CHECK_THAT(test::failure_text([] { read_configuration("/nowhere/server.json"); }),
               Catch::Contains("/nowhere/server.json"));
}
