// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/openapi.hpp"

#include "server/render/map.hpp"
#include "server/services/ogcapi/pictures.hpp"

#include <map>

namespace ardoise::ogcapi {

namespace {

Json reference(std::string_view section, std::string_view name)
{
    return Json::object({{"$ref", fmt::format("#/components/{}/{}", section, name)}});
}

/// Parameters of one name may differ from resource to resource ("f").
std::string key_of(Parameter const& parameter)
{
    if (&parameter == &parameter::picture_format)
        return "f-picture";
    return &parameter == &parameter::vector_format ? "f-vector" : std::string{parameter.name};
}

/// Lists are written with commas between their items.
Json parameter_json(Parameter const& parameter)
{
    return Json::object({{"name", parameter.name},
                         {"in", "query"},
                         {"description", parameter.description},
                         {"required", false},
                         {"style", "form"},
                         {"explode", false},
                         {"schema", parameter.schema()}});
}

Json path_parameter_json(PathParameter const& parameter)
{
    return Json::object({{"name", parameter.name},
                         {"in", "path"},
                         {"description", parameter.description},
                         {"required", true},
                         {"schema", Json::object({{"type", "string"}})}});
}

/// Any others are passed over: caches are kept apart by them, and fronts ask for keys in them. The definition
/// must say so, or they would be mistakes (OGC 19-072, /req/core/query-param-name-unknown).
constexpr char const* other_parameters = "otherParameters";

Json other_parameters_json()
{
    auto const any = Json::object({{"type", "object"}, {"additionalProperties", true}});
    return Json::object({{"name", other_parameters},
                         {"in", "query"},
                         {"description", "Any other parameters: they are passed over."},
                         {"required", false},
                         {"style", "form"},
                         {"explode", true},
                         {"schema", any}});
}

Json media(std::initializer_list<std::string_view> types, bool is_binary)
{
    auto content = Json::object();
    for (auto const type : types) {
        auto schema = Json::object({{"type", is_binary || type == "text/html" ? "string" : "object"}});
        if (is_binary)
            schema.set("format", "binary");
        content.set(type, Json::object({{"schema", std::move(schema)}}));
    }
    return content;
}

Json content_json(Content content)
{
    switch (content) {
    case Content::document:
        return media({"application/json", "text/html"}, false);
    case Content::api_definition:
        return media({api_media_type, "text/html"}, false);
    case Content::vector_tile:
        return media({vector_tile_type}, true);
    case Content::map:
    case Content::map_tile:
        break;
    }
    return media(
        {media_type(PictureFormat::jpeg), media_type(PictureFormat::png), media_type(PictureFormat::webp)},
        true);
}

Json header_json(std::string_view description)
{
    return Json::object({{"description", description}, {"schema", Json::object({{"type", "string"}})}});
}

Json success_json(Resource const& resource)
{
    auto json =
        Json::object({{"description", resource.summary}, {"content", content_json(resource.content)}});
    if (resource.content == Content::map)
        json.set("headers",
                 Json::object({{"Content-Crs", header_json("The system of the map, in angle brackets.")},
                               {"Content-Bbox", header_json("Its corners, in the order of the axes.")}}));
    return json;
}

Json responses_json(Resource const& resource)
{
    auto json = Json::object({{"200", success_json(resource)}});
    for (auto const* const mistake : {"400", "404", "406", "503"})
        json.set(mistake, reference("responses", mistake));
    return json;
}

Json operation_json(Resource const& resource)
{
    auto parameters = Json::array();
    for (auto const& parameter : path_parameters())
        if (resource.path.find(fmt::format("{{{}}}", parameter.name)) != std::string_view::npos)
            parameters.add(reference("parameters", parameter.name));
    for (auto const* parameter : resource.parameters)
        parameters.add(reference("parameters", key_of(*parameter)));
    parameters.add(reference("parameters", other_parameters));
    return Json::object({{"operationId", resource.operation_id},
                         {"tags", Json::array({resource.tag})},
                         {"summary", resource.summary},
                         {"parameters", std::move(parameters)},
                         {"responses", responses_json(resource)}});
}

Json parameters_json()
{
    auto json = Json::object();
    for (auto const& parameter : path_parameters())
        json.set(parameter.name, path_parameter_json(parameter));
    for (auto const& resource : resources())
        for (auto const* parameter : resource.parameters)
            json.set(key_of(*parameter), parameter_json(*parameter));
    json.set(other_parameters, other_parameters_json());
    return json;
}

Json problem_schema()
{
    auto const text = Json::object({{"type", "string"}});
    return Json::object({{"type", "object"},
                         {"required", Json::array({"type", "title", "status", "detail"})},
                         {"properties", Json::object({{"type", text},
                                                      {"title", text},
                                                      {"status", Json::object({{"type", "integer"}})},
                                                      {"detail", text}})}});
}

Json mistakes_json()
{
    struct {
        char const *status, *description;
    } const all[] = {{"400", "A parameter is unknown, or says what it cannot."},
                     {"404", "There is no such resource."},
                     {"406", "The Accept header leaves nothing to send."},
                     {"503", "Too many ask at once, or tiles are about to be replaced: try again soon."}};
    auto json = Json::object();
    for (auto const& [status, description] : all)
        json.set(
            status,
            Json::object({{"description", description},
                          {"content",
                           Json::object({{"application/problem+json",
                                          Json::object({{"schema", reference("schemas", "problem")}})}})}}));
    return json;
}

Json info_json(ServiceDescription const& service)
{
    auto info = Json::object({{"title", service.title}, {"version", "1.0.0"}});
    if (!service.abstract.empty())
        info.set("description", service.abstract);
    auto contact = Json::object({{"name", service.provider.name}});
    if (!service.provider.url.empty())
        contact.set("url", service.provider.url);
    if (service.contact && !service.contact->email.empty())
        contact.set("email", service.contact->email);
    info.set("contact", std::move(contact));
    return info;
}

/// As OGC 20-058 (/req/scaling/width-definition) has servers say it.
Json limits_json()
{
    return Json::object(
        {{"maps", Json::object({{"maxWidth", largest_map_side}, {"maxHeight", largest_map_side}})}});
}

} // namespace

Json api_definition(Catalog const& catalog)
{
    auto paths = Json::object();
    for (auto const& resource : resources())
        paths.set(resource.path, Json::object({{"get", operation_json(resource)}}));
    return Json::object(
        {{"openapi", "3.0.3"},
         {"info", info_json(catalog.options().service)},
         {"servers", Json::array({Json::object({{"url", address_of(catalog, "")}})})},
         {"x-OGC-limits", limits_json()},
         {"paths", std::move(paths)},
         {"components", Json::object({{"parameters", parameters_json()},
                                      {"responses", mistakes_json()},
                                      {"schemas", Json::object({{"problem", problem_schema()}})}})}});
}

} // namespace ardoise::ogcapi
