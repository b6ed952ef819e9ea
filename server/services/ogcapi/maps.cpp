// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/maps.hpp"

#include "pyramid/base/letter_case.hpp"
#include "server/catalog/ground.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/maps.hpp"
#include "server/services/ogcapi/collections.hpp"
#include "server/services/ogcapi/map_frame.hpp"
#include "server/services/ogcapi/pictures.hpp"
#include "server/services/ogcapi/styles.hpp"
#include "server/services/ogcapi/time.hpp"
#include "server/services/parameters.hpp"

#include <algorithm>

namespace ardoise::ogcapi {

namespace {

/// In the style of the address, or else its default.
Result<StyledLayer> styled(std::shared_ptr<Layer const> const& layer, std::string_view style)
{
    auto const found = style_named(*layer, style);
    if (!found)
        return found.error();
    return StyledLayer{layer, *found};
}

/// An id, or the whole address of a collection here (/req/collections-selection/collections-parameter).
Result<std::shared_ptr<Layer const>> named_collection(std::string_view name, Catalog const& catalog)
{
    auto const folder = address_of(catalog, "/collections/");
    auto const id = name.starts_with(folder) ? name.substr(folder.size()) : name;
    auto layer = catalog.find_layer(id);
    if (!layer || layer->is_vector())
        return invalid(parameter::collections, fmt::format("names \"{}\", which no map shows", name));
    return layer;
}

Result<std::vector<StyledLayer>> default_layers(Asked const& asked)
{
    auto const& layer = asked.site.first_for_maps;
    if (!layer)
        return not_found("There is no collection that a map can show.");
    auto const one = styled(layer, asked.names.style);
    if (!one)
        return one.error();
    return std::vector{*one};
}

Result<std::vector<StyledLayer>> named_layers(Asked const& asked)
{
    auto const names = find(asked.request.query, parameter::collections);
    if (!names)
        return default_layers(asked);
    auto const count = count_pieces(*names, ',');
    if (count > most_map_layers)
        return invalid(parameter::collections,
                       fmt::format("names {} collections; a map has at most {}", count, most_map_layers));
    std::vector<StyledLayer> layers;
    auto rest = *names;
    for (std::size_t i = 0; i < count; ++i) {
        auto const layer = named_collection(cut_piece(rest, ','), *asked.site.catalog);
        if (!layer)
            return layer.error();
        auto const one = styled(*layer, asked.names.style);
        if (!one)
            return one.error();
        layers.push_back(*one);
    }
    return layers;
}

/// "true" or "false"; where nothing is said true, unless a colour is to be seen.
Result<bool> wants_transparency(Query const& query)
{
    return find(query, parameter::transparent) ? flag(query, parameter::transparent.name)
                                               : !find(query, parameter::background);
}

Result<MapRequest> parse_map(Asked const& asked, std::vector<StyledLayer> layers, Crs const& usual_crs)
{
    auto const& query = asked.request.query;
    auto const& catalog = *asked.site.catalog;
    auto const system = stated_crs(query, parameter::crs, catalog, usual_crs);
    if (!system)
        return system.error();
    auto const frame = map_frame(query, catalog, layers, *system);
    if (!frame)
        return frame.error();
    auto const time = stated_time(query);
    if (!time)
        return time.error();
    DimensionTexts const wanted{time->text, {}, stated_water_level(query)};
    if (auto const chosen = choose_members(layers, wanted); !chosen)
        return invalid_dimension(chosen.error());
    auto const format = wanted_map_format(asked.request, layers);
    if (!format)
        return format.error();
    auto const seen_through = wants_transparency(query);
    if (!seen_through)
        return seen_through.error();
    auto const colour = ardoise::colour(query, parameter::background.name);
    if (!colour)
        return colour.error();
    return MapRequest{std::move(layers), frame->crs, frame->box,    frame->width,
                      frame->height,     *format,    *seen_through, *colour};
}

/// What the map shows, as it cannot be seen in the picture (/req/core/map-response).
std::vector<std::pair<std::string, std::string>> headers_of(MapRequest const& map)
{
    auto const& b = map.box;
    auto const corners = map.crs.northing_first()
                             ? fmt::format("{},{},{},{}", b.min_y, b.min_x, b.max_y, b.max_x)
                             : fmt::format("{},{},{},{}", b.min_x, b.min_y, b.max_x, b.max_y);
    std::vector<std::pair<std::string, std::string>> headers{{"Content-Bbox", corners}};
    if (!map.crs.code().empty())
        headers.emplace_back("Content-Crs", fmt::format("<{}>", uri_of(map.crs)));
    return headers;
}

/// The road that is common to all protocols names parameters as WMS does.
Response too_costly(OgcError const& error)
{
    return refuse({"InvalidParameterValue", "width", error.text});
}

Response draw_map(Asked const& asked, std::vector<StyledLayer> const& layers, Crs const& usual_crs)
{
    auto const map = parse_map(asked, layers, usual_crs);
    if (!map)
        return refuse(map.error());
    auto reply = get_map(asked.request, *map, {"OGC API", too_costly}, asked.caches);
    auto* const work = std::get_if<Work>(&reply);
    auto response = work ? (*work)() : std::get<Response>(std::move(reply));
    if (response.status == 200)
        for (auto& header : headers_of(*map))
            response.headers.push_back(std::move(header));
    return response;
}

/// All that the answer depends on, but for the order of parameters: encoded, so that no text of a client's
/// passes for another part.
std::string key_of(Request const& request, Site const& site)
{
    auto key = fmt::format("OGC API {} {} {} {}?", fmt::ptr(&site), url_encode(request.accept),
                           url_encode(request.if_none_match), url_encode(request.path));
    auto parameters = request.query.parameters();
    for (auto& parameter : parameters)
        parameter.first = lower_case(parameter.first);
    std::ranges::stable_sort(parameters, {}, [](auto const& parameter) { return parameter.first; });
    for (auto const& [name, value] : parameters)
        key += fmt::format("{}={}&", url_encode(name), url_encode(value));
    return key;
}

/// By those who draw from the first: to say where the ground lies in another system, and how large it is,
/// PROJ takes a tenth of a second or more where a thread has not met the two, and there are many.
Reply answer_map(Asked const& asked, Result<std::vector<StyledLayer>> const& layers, Crs const& usual_crs)
{
    if (!layers)
        return refuse(layers.error());
    constexpr std::size_t longest_kept = 256; // a list of tags that is longer waits for the bytes
    auto request = asked.request;
    if (request.if_none_match.size() > longest_kept)
        request.if_none_match.clear();
    auto key = key_of(request, asked.site);
    auto draw = [request = std::move(request), &site = asked.site, &caches = asked.caches, layers = *layers,
                 usual_crs] {
        return draw_map({request, {}, {}, site, caches}, layers, usual_crs);
    };
    return negotiated(asked.request, Work{std::move(draw), std::move(key)});
}

} // namespace

Reply answer_collection_map(Asked const& asked)
{
    auto const layer = find_mapped_collection(asked);
    if (!layer)
        return refuse(layer.error());
    auto const one = styled(*layer, asked.names.style);
    if (!one)
        return refuse(one.error());
    return answer_map(asked, std::vector{*one}, (*layer)->pyramid.set->crs);
}

Reply answer_dataset_map(Asked const& asked)
{
    return answer_map(asked, named_layers(asked), geographic_crs());
}

} // namespace ardoise::ogcapi
