// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/html.hpp"

#include "server/services/xml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise::ogcapi {

namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "dl{margin:0 0 0 1em}dt{color:#666;font-size:.85em}dd{margin:0 0 .4em 1em}ul{margin:0;padding-left:1.2em}"
    "img{max-width:100%;max-height:26em;background:#eee}code{overflow-wrap:anywhere}a{color:#075985}small{"
    "color:#666}";

std::string_view text_of(Json const& object, std::string_view member)
{
    auto const* const found = object.find(member);
    auto const* const text = found ? found->as<std::string>() : nullptr;
    return text ? std::string_view{*text} : std::string_view{};
}

/// What people call it.
std::string_view name_of(Json const& document)
{
    for (auto const* member : {"title", "id"})
        if (auto const name = text_of(document, member); !name.empty())
            return name;
    return "OGC API";
}

bool is_address(std::string_view text)
{
    return text.starts_with("https://") || text.starts_with("http://");
}

std::string anchor(std::string_view url, std::string_view text)
{
    return fmt::format("<a href=\"{}\">{}</a>", xml_escape(url), xml_escape(text));
}

/// An item of a list of links.
std::string link(Json const& each)
{
    auto const url = text_of(each, "href"), type = text_of(each, "type");
    auto const title = text_of(each, "title").empty() ? url : text_of(each, "title");
    bool const is_template = url.find('{') != std::string_view::npos;
    auto const shown = is_template ? fmt::format("{}: <code>{}</code>", xml_escape(title), xml_escape(url))
                       : is_address(url) ? anchor(url, title)
                                         : xml_escape(title);
    return fmt::format("<li>{} <small>{}</small></li>", shown, xml_escape(type));
}

/// Null where the document has none.
Json::Array const* links_of(Json const& document)
{
    auto const* const links = document.find("links");
    return links ? links->as<Json::Array>() : nullptr;
}

bool is_map(Json const& each)
{
    return text_of(each, "rel").ends_with("/map") && text_of(each, "type").starts_with("image/");
}

class Page {
public:
    std::string of(Json const& document)
    {
        auto const heading = xml_escape(name_of(document));
        out_ = fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                           "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>"
                           "<style>{}</style></head><body><h1>{}</h1>",
                           heading, style, heading);
        picture(document);
        if (auto const* const all = links_of(document))
            links(*all);
        value(document, Links::said_already);
        out_ += "</body></html>\n";
        return std::move(out_);
    }

private:
    void picture(Json const& document)
    {
        auto const* const all = links_of(document);
        if (!all)
            return;
        auto const map = std::find_if(all->begin(), all->end(), is_map);
        if (map != all->end())
            out_ += fmt::format("<p><img alt=\"\" src=\"{}\"></p>", xml_escape(text_of(*map, "href")));
    }

    /// Those of the document itself stand at its head.
    enum class Links { to_say, said_already };

    void value(Json const& json, Links its_links = Links::to_say)
    {
        if (auto const* const object = json.as<Json::Object>())
            members(*object, its_links);
        else if (auto const* const array = json.as<Json::Array>())
            items(*array);
        else if (auto const* const text = json.as<std::string>())
            out_ += is_address(*text) ? anchor(*text, *text) : xml_escape(*text);
        else
            out_ += xml_escape(json.text());
    }

    void members(Json::Object const& object, Links its_links)
    {
        out_ += "<dl>";
        for (auto const& [name, member] : object) {
            auto const* const array = name == "links" ? member.as<Json::Array>() : nullptr;
            if (array && its_links == Links::said_already)
                continue;
            out_ += fmt::format("<dt>{}</dt><dd>", xml_escape(name));
            if (array)
                links(*array);
            else
                value(member);
            out_ += "</dd>";
        }
        out_ += "</dl>";
    }

    void links(Json::Array const& array)
    {
        out_ += "<ul>";
        for (auto const& each : array)
            out_ += link(each);
        out_ += "</ul>";
    }

    /// What has links has a page of its own, mostly: its name leads there, and the rest is folded up.
    void item(Json const& json)
    {
        auto const* const all = links_of(json);
        if (!all) {
            value(json);
            return;
        }
        auto const self = std::find_if(all->begin(), all->end(),
                                       [](Json const& each) { return text_of(each, "rel") == "self"; });
        auto const name = name_of(json);
        out_ += self == all->end() ? xml_escape(name) : anchor(text_of(*self, "href"), name);
        out_ += "<details><summary>more</summary>";
        value(json);
        out_ += "</details>";
    }

    void items(Json::Array const& array)
    {
        bool const is_plain = std::all_of(array.begin(), array.end(), [](Json const& item) {
            return item.as<double>() || item.as<std::int64_t>();
        });
        out_ += is_plain ? "" : "<ul>";
        for (std::size_t i = 0; i < array.size(); ++i) {
            out_ += is_plain ? (i == 0 ? "" : ", ") : "<li>";
            item(array[i]);
            out_ += is_plain ? "" : "</li>";
        }
        out_ += is_plain ? "" : "</ul>";
    }

    std::string out_;
};

} // namespace

std::string page(Json const& document)
{
    return Page{}.of(document);
}

} // namespace ardoise::ogcapi
