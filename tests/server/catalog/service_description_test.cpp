// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/handwritten_json.hpp"
#include "server/catalog/service_description.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

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
        "language": "pt-BR", "title": "Photos", "abstract": "Of the city", "keywords": ["ortho"],
        "provider": {"name": "Ville", "url": "https://ville.example"},
        "contact": {"person": "A", "organisation": "B", "position": "C", "address_type": "postal", "address": "D",
                    "city": "E", "state_or_province": "F", "post_code": "G", "country": "H", "phone": "I",
                    "fax": "J", "email": "K"},
        "fees": "free", "access_constraints": "Licence Ouverte 2.0", "public_url": "https://ortho.example/geo//",
        "layer_order": ["b", "a"]})");
    auto const& service = it.service;
    CHECK(service.title == "Photos");
    CHECK(service.language == "pt-BR");
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
    CHECK(it.service.language == "en");
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
        {R"({"language": "français"})",
         "server.json: language: expected a language as fr or en, not \"français\""},
        {R"({"fees": ""})", "server.json: fees: is empty; leave it out, or write something"},
        {"{\n\"title\": \"x\"\n\"fees\": 1}", "server.json: line 3: not JSON: syntax error"}};
    for (auto const& row : rows) {
        INFO(row.text);
        CHECK(test::failure_text([&] { parse(row.text); }) == row.message);
    }
}

TEST_CASE("a service of INSPIRE has its metadata in a record, or says them")
{
    std::string const contact = R"("contact": {"organisation": "Ville", "email": "geo@ville.example"})";
    auto const record = parse(
        R"({"inspire": {"language": "fre", "metadata_url": "https://geo.example/s.xml"}, )" + contact + "}");
    REQUIRE(record.service.inspire);
    CHECK(record.service.inspire->has_record());
    CHECK(record.service.inspire->language == "fre");
    CHECK(record.service.fees == "no conditions apply");
    auto const embedded = parse(R"({"inspire": {"language": "eng", "metadata_date": "2026-11-01",
        "publication_date": "2022-02-28"}, "fees": "1 EUR", )" +
                                contact + "}");
    REQUIRE(embedded.service.inspire);
    CHECK_FALSE(embedded.service.inspire->has_record());
    CHECK(embedded.service.inspire->conformity == "notEvaluated");
    CHECK(embedded.service.fees == "1 EUR");
    CHECK_THAT(
        test::failure_text([&] {
            parse(
                R"({"language": "fr", "inspire": {"language": "fre", "metadata_url": "https://a.example"}, )" +
                contact + "}");
        }),
        Catch::Contains("language: is said by inspire.language"));
}

TEST_CASE("each mistake in what is said for INSPIRE is told with its place")
{
    struct {
        std::string text, message;
    } const rows[] = {
        {R"({"inspire": {}})", "inspire: has no \"language\""},
        {R"({"inspire": {"language": "fr"}})",
         "inspire.language: expected one of bul, cze, dan, dut, eng, est, fin, fre, ger, gle, gre, hrv, hun, "
         "ice, "
         "ita, lav, lit, mlt, nor, pol, por, rum, slo, slv, spa, swe, not \"fr\""},
        {R"({"inspire": {"language": "fre"}})", "inspire: has no \"metadata_date\""},
        {R"({"inspire": {"language": "fre", "metadata_url": "https://x", "conformity": "conformant"}})",
         "inspire.conformity: is said by the record at metadata_url; leave out the one or the other"},
        {R"({"inspire": {"language": "fre", "metadata_date": "2022"}})",
         "inspire.metadata_date: expected a day like 2022-06-15, not \"2022\""},
        {R"({"inspire": {"language": "fre", "metadata_date": "2022-02-30"}})",
         "inspire.metadata_date: expected a day like 2022-06-15, not \"2022-02-30\""},
        {R"({"inspire": {"language": "fre", "metadata_url": "https://x"}})",
         "inspire: wants somebody who answers for the service: say \"contact\" with \"organisation\" and "
         "\"email\""}};
    for (auto const& row : rows) {
        INFO(row.text);
        CHECK(test::failure_text([&] { parse(row.text); }) == "server.json: " + row.message);
    }
    for (auto const* email :
         {"ville", "@ville.example", "a@.example", "a@ville.", "a@b@ville.example", "a@ville"}) {
        auto const text = fmt::format(R"({{"inspire": {{"language": "fre", "metadata_url": "https://x"}},
            "contact": {{"organisation": "Ville", "email": "{}"}}}})",
                                      email);
        CHECK_THAT(test::failure_text([&] { parse(text); }),
                   Catch::EndsWith(fmt::format("not \"{}\"", email)));
    }
}

TEST_CASE("a configuration that is not there is named")
{
    CHECK_THAT(test::failure_text([] { read_configuration("/nowhere/server.json"); }),
               Catch::Contains("/nowhere/server.json"));
}
