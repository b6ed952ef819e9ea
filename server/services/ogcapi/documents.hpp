// SPDX-License-Identifier: Apache-2.0
// Documents of OGC API: JSON, and the same as a page for people; their links; and mistakes.
#pragma once

#include "server/services/ogcapi/parameters.hpp"

#include <fmt/format.h>

namespace ardoise::ogcapi {

enum class Form { json, html };

/// By f, or else as the Accept header has it; JSON where that says nothing of both.
Result<Form> wanted_form(Request const& request);

/// The absolute address of a resource, by the catalog's own public one.
std::string address_of(Catalog const& catalog, std::string_view path);
/// "/collections/{layer}", with the name encoded.
std::string path_of(Layer const& layer);

/// The links of one document. Those to itself, in the form that it has and in the other, come first.
class Links {
public:
    Links(Catalog const& catalog, std::string path, Form form,
          std::string_view media_type = "application/json");
    /// `path` is below /ogcapi.
    void add(std::string_view relation, std::string_view media_type, std::string_view path,
             std::string_view title);
    /// The same, under the short name that Common 1.0 gave a relation and under OGC's own.
    void add_known_as(std::string_view relation, std::string_view media_type, std::string_view path,
                      std::string_view title);
    /// Of addresses with places in braces.
    void add_template(std::string_view media_type, std::string_view path, std::string_view title);
    /// Elsewhere.
    void add_other(std::string_view relation, std::string_view media_type, std::string_view url);
    Json json() && { return Json{std::move(links_)}; }

private:
    void add_link(std::string_view relation, std::string_view media_type, std::string url,
                  std::string_view title);

    Catalog const& catalog_;
    Json::Array links_;
};

/// OGC's name of a relation: "http://www.opengis.net/def/rel/ogc/1.0/map".
std::string ogc_relation(std::string_view name);

/// The document in its form.
Response write(Json const& json, Form form, std::string_view media_type = "application/json");

/// The reply as one of several that the Accept header chooses from, where there is no f.
Reply negotiated(Request const& request, Reply reply);
/// A document so; 406 where the client takes none at all.
Reply send(Request const& request, Reply reply);
/// One of those of the site, in the form wanted.
Reply send_made_ahead(Asked const& asked);

/// A mistake as a problem document (RFC 7807): 404 for NotFound, 406 for NotAcceptable, else 400.
Response refuse(OgcError const& error);

/// A single layer's document, kept when it is made; `make(form)` returns it as JSON, and owns what it needs
/// beside the site.
template <typename Make>
Reply send_kept(Asked const& asked, Make make)
{
    auto const form = wanted_form(asked.request);
    if (!form)
        return refuse(form.error());
    auto const name = fmt::format("OGC API {} {}", asked.path, *form == Form::html ? "html" : "json");
    auto write_it = [make = std::move(make), form = *form] { return write(make(form), form); };
    return send(asked.request, asked.site.layer_documents.find_or_make(name, std::move(write_it)));
}

} // namespace ardoise::ogcapi
