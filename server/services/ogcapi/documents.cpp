// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/documents.hpp"

#include "server/exchange/accept.hpp"
#include "server/services/acceptable.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/ogcapi/html.hpp"
#include "server/services/parameters.hpp"

namespace ardoise::ogcapi {

namespace {

constexpr std::string_view html_type = "text/html; charset=utf-8";

std::string_view name_of(Form form)
{
    return form == Form::html ? "html" : "json";
}

} // namespace

Result<Form> wanted_form(Request const& request)
{
    if (auto const f = find(request.query, parameter::document_format)) {
        if (*f == "json" || *f == "html")
            return *f == "html" ? Form::html : Form::json;
        return invalid(parameter::document_format, fmt::format("must be json or html, not \"{}\"", *f));
    }
    constexpr std::string_view types[] = {"application/json", "text/html"};
    return most_welcome(request.accept, types) == 1 ? Form::html : Form::json;
}

std::string address_of(Catalog const& catalog, std::string_view path)
{
    return fmt::format("{}/ogcapi{}", catalog.options().public_url, path);
}

std::string path_of(Layer const& layer)
{
    return "/collections/" + url_encode(layer.name);
}

std::string ogc_relation(std::string_view name)
{
    return fmt::format("http://www.opengis.net/def/rel/ogc/1.0/{}", name);
}

Links::Links(Catalog const& catalog, std::string path, Form form, std::string_view media_type)
    : catalog_{catalog}
{
    auto const add_form = [&](std::string_view relation, Form each) {
        bool const is_page = each == Form::html;
        auto const separator = path.find('?') == std::string::npos ? '?' : '&';
        add(relation, is_page ? "text/html" : media_type,
            fmt::format("{}{}f={}", path, separator, name_of(each)), is_page ? "as a page" : "as JSON");
    };
    add_form("self", form);
    add_form("alternate", form == Form::html ? Form::json : Form::html);
}

void Links::add_link(std::string_view relation, std::string_view media_type, std::string url,
                     std::string_view title)
{
    auto link = Json::object({{"rel", relation}, {"href", std::move(url)}});
    if (!media_type.empty())
        link.set("type", media_type);
    if (!title.empty())
        link.set("title", title);
    links_.push_back(std::move(link));
}

void Links::add(std::string_view relation, std::string_view media_type, std::string_view path,
                std::string_view title)
{
    add_link(relation, media_type, address_of(catalog_, path), title);
}

void Links::add_known_as(std::string_view relation, std::string_view media_type, std::string_view path,
                         std::string_view title)
{
    add(relation, media_type, path, title);
    add(ogc_relation(relation), media_type, path, title);
}

void Links::add_template(std::string_view media_type, std::string_view path, std::string_view title)
{
    add("item", media_type, path, title);
    links_.back().set("templated", true);
}

void Links::add_other(std::string_view relation, std::string_view media_type, std::string_view url)
{
    add_link(relation, media_type, std::string{url}, {});
}

Response write(Json const& json, Form form, std::string_view media_type)
{
    return form == Form::html ? document(html_type, page(json)) : document(media_type, json.pretty_text());
}

Reply negotiated(Request const& request, Reply reply)
{
    if (find(request.query, parameter::document_format)) // or of a picture: they have one name
        return reply;
    return changed(std::move(reply), "by Accept",
                   [](Response& response) { response.headers.emplace_back("Vary", "Accept"); });
}

Reply send(Request const& request, Reply reply)
{
    if (find(request.query, parameter::document_format))
        return reply;
    return negotiated(request, if_acceptable(request, std::move(reply)));
}

Reply send_made_ahead(Asked const& asked)
{
    auto const form = wanted_form(asked.request);
    if (!form)
        return refuse(form.error());
    return send(asked.request, asked.site.ogcapi.at(fmt::format("{} {}", asked.path, name_of(*form))));
}

Response refuse(OgcError const& error)
{
    if (error.code == "NotFound")
        return problem(404, "Not found", error.text);
    if (error.code == "NotAcceptable")
        return problem(406, "Not acceptable", error.text);
    return problem(400, "Bad request", error.text);
}

} // namespace ardoise::ogcapi
