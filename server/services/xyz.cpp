// SPDX-License-Identifier: Apache-2.0
#include "server/services/xyz.hpp"

#include "pyramid/base/number.hpp"
#include "server/services/acceptable.hpp"
#include "server/services/chosen_format.hpp"
#include "server/services/dimension_documents.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tile_file.hpp"
#include "server/services/tiles.hpp"
#include "server/services/xml_writer.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// As maps show it: a link.
std::string attribution_html(Attribution const& attribution)
{
    auto const title = xml_escape(attribution.title);
    return attribution.url.empty() ? title
                                   : fmt::format("<a href=\"{}\">{}</a>", xml_escape(attribution.url), title);
}

/// What follows the address of a tile, as of "?time=2020-08&style=irc"; nothing for defaults.
std::string tile_query(DimensionTexts const& values, Layer const& layer, LayerStyle const& style)
{
    auto const dimensions = dimension_query(values);
    if (&style == &layer.styles.front())
        return dimensions;
    return fmt::format("{}{}style={}", dimensions, dimensions.empty() ? "?" : "&",
                       url_encode(style.identifier));
}

Json tile_json(Catalog const& catalog, Layer const& layer, std::string_view extension, std::string_view query)
{
    auto const& link = layer.web_mercator_link();
    auto const& box = layer.geographic_extent;
    auto const finest = static_cast<std::int64_t>(finest_useful(layer, link));
    auto document = Json::object(
        {{"tilejson", "3.0.0"},
         {"name", layer.title()},
         {"description", layer.description.abstract},
         {"version", fmt::format("{}.0.0", layer.pyramid.revision)},
         {"attribution", attribution_html(attribution_of(catalog, layer))},
         {"scheme", "xyz"},
         {"tiles", Json::array({fmt::format("{}/xyz/{}/{{z}}/{{x}}/{{y}}.{}{}", catalog.options().public_url,
                                            url_encode(layer.name), extension, query)})},
         {"minzoom", 0},
         {"maxzoom", finest},
         {"bounds", Json::array({box.min_x, box.min_y, box.max_x, box.max_y})},
         {"center", Json::array({(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2,
                                 finest > 3 ? finest - 3 : 0})}});
    if (auto dimensions = dimensions_json(layer); !dimensions.as<Json::Array>()->empty())
        document.set("dimensions", std::move(dimensions));
    return document;
}

/// Null where the layer has no such style.
LayerStyle const* named_style(Request const& request, Layer const& layer)
{
    return find_style(layer, request.query.find("STYLE").value_or(""));
}

Response no_such_style()
{
    return problem(404, "Not found", "The layer has no such style.");
}

/// Of a series its tiles at the values that the request names, as they are published; in the format and the
/// style that it names. Such documents are no more than members, formats and styles.
Reply tile_json_for(Request const& request, Site const& site, std::shared_ptr<Layer const> const& layer)
{
    auto const wanted = dimensions_of(request.query);
    auto const* style = named_style(request, *layer);
    if (!style)
        return no_such_style();
    DimensionTexts values;
    if (layer->series) {
        auto const choice = choose(*layer->series, wanted);
        if (!choice)
            return problem(400, "Bad request", choice.error().text);
        values = asked_values(*layer->series, *choice);
    }
    if (auto const mistake = add_asked_level(values, *style, wanted))
        return problem(400, "Bad request", mistake->text);
    std::string const extension{tile_format(*layer, chosen_format(request.query)).extension};
    auto const query = tile_query(values, *layer, *style);
    auto const name = fmt::format("TileJSON {}.{}{}", layer->name, extension, query);
    return if_acceptable(request, site.layer_documents.find_or_make(name, [&site, layer, extension, query] {
        return document("application/json", tile_json(*site.catalog, *layer, extension, query).pretty_text());
    }));
}

} // namespace

Reply xyz(Request const& request, std::string_view path, Site const& site, Caches& caches)
{
    auto const layer = site.catalog->find_layer(path.substr(0, path.find('/')));
    if (!layer)
        return problem(404, "Not found", "There is no such layer.");
    if (path.substr(layer->name.size()) == "/tilejson.json")
        return tile_json_for(request, site, layer);
    auto const pieces = split_exactly<4>(path, '/');
    if (!pieces)
        return problem(404, "Not found", "A tile's address is /xyz/{layer}/{z}/{x}/{y}.{ext}.");
    auto const last = take_apart(pieces->back());
    auto const z = parse_number<std::int64_t>((*pieces)[1]);
    auto const x = parse_number<std::int64_t>((*pieces)[2]);
    auto const y = parse_number<std::int64_t>(last.number);
    if (!z || !x || !y)
        return problem(400, "Bad request", "z, x and y must be integers.");
    auto const& link = layer->web_mercator_link();
    if (*z < 0 || *z >= static_cast<std::int64_t>(link.set->matrices.size()) ||
        !link.set->matrices[static_cast<std::size_t>(*z)].range().contains({*x, *y}))
        return problem(404, "Not found", "There is no such tile on Earth.");
    auto const* style = named_style(request, *layer);
    if (!style)
        return no_such_style();
    TileRequest const place{layer, style, &link, static_cast<std::size_t>(*z), {*x, *y}, {}, last.scale};
    auto wanted = tile_of_member(place, dimensions_of(request.query));
    if (!wanted)
        return problem(400, "Bad request", wanted.error().text);
    auto const picture = find_picture(*wanted->layer, *wanted->style, last.extension);
    if (!picture)
        return problem(404, "Not found", "The layer is not offered in that format.");
    wanted->picture = *picture;
    if (!is_offered(*wanted))
        return problem(404, "Not found", "The layer's values are offered in its own tile matrix set only.");
    return get_tile(request, *wanted, caches);
}

} // namespace ardoise
