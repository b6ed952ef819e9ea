// SPDX-License-Identifier: Apache-2.0
#include "server/services/wms_layers.hpp"

#include "server/catalog/offered_crs.hpp"
#include "server/render/map.hpp"
#include "server/services/dimension_documents.hpp"
#include "server/services/inspire.hpp"
#include "server/services/language.hpp"
#include "server/services/legend.hpp"

#include <algorithm>
#include <numbers>

namespace ardoise {

namespace {

/// Writes what stands below Capability, element by element in the order of both schemas.
class LayersWriter {
public:
    LayersWriter(XmlWriter& xml, WmsVersion version, Catalog const& catalog, std::string const& address)
        : xml_{xml}, version_{version}, catalog_{catalog}, address_{address}, language_{language_of(
                                                                                  catalog.options().service)}
    {
    }

    void write_root(LayerGroup const& root);

private:
    void write_inside(LayerGroup const& group);
    void write_group(LayerGroup const& group);
    void write_layer(std::shared_ptr<Layer const> const& published);
    void write_system(Crs const& crs);
    void write_degrees(BoundingBox const& degrees);
    void write_box(Crs const& crs, BoundingBox const& box);
    void write_attribution(Attribution const& attribution);
    void write_identifier(LayerDescription const& description);
    void write_links(LayerDescription const& description);
    void write_link(char const* name, DocumentLink const& link, XmlAttributes attributes = {});
    void write_styles(std::shared_ptr<Layer const> const& layer);
    void write_legend(StyledLayer const& styled);
    void write_scales(LayerDescription const& description);

    bool is_130() const { return version_ == WmsVersion::v1_3_0; }
    /// CRS:84 is a name of 1.3.0; there x,y in 4326 is what 1.1.1 has anyway.
    bool is_named(Crs const& crs) const
    {
        return !crs.code().empty() && (is_130() || crs.code() != "CRS:84");
    }
    /// Whether layers inherit it from the root.
    bool is_common(Crs const& crs) const
    {
        auto const& common = catalog_.common_crs();
        return std::find(common.begin(), common.end(), crs) != common.end();
    }

    XmlWriter& xml_;
    WmsVersion version_;
    Catalog const& catalog_;
    std::string const& address_;
    std::string language_;
};

/// The ground of layers together, in degrees.
BoundingBox common_ground(LayerList const& layers)
{
    BoundingBox ground;
    for (auto const& layer : layers)
        ground = join(ground, layer->geographic_extent);
    return ground.empty() ? BoundingBox{-180, -90, 180, 90} : ground;
}

/// The standards that 1.1.1 has a name for; empty: another.
std::string metadata_type_in_111(std::string_view type)
{
    return type.starts_with("ISO") || type == "TC211" ? "TC211" : type.starts_with("FGDC") ? "FGDC" : "";
}

void LayersWriter::write_root(LayerGroup const& root)
{
    xml_.open("Layer");
    xml_.element("Title", catalog_.options().service.title);
    for (auto const& crs : catalog_.common_crs())
        write_system(crs);
    write_degrees(common_ground(layers_for_maps(root)));
    write_inside(root);
    xml_.close();
}

void LayersWriter::write_inside(LayerGroup const& group)
{
    for (auto const& layer : group.layers)
        if (!layer->is_vector())
            write_layer(layer);
    for (auto const& child : group.groups)
        write_group(child);
}

/// It has a name if it can be asked for as a layer.
void LayersWriter::write_group(LayerGroup const& group)
{
    auto const layers = layers_for_maps(group);
    if (layers.empty())
        return;
    bool const is_one_map = layers.size() <= most_map_layers && !catalog_.find_layer(group.path);
    bool const is_queryable = is_one_map && std::any_of(layers.begin(), layers.end(), [](auto const& layer) {
                                  return layer->is_queryable();
                              });
    xml_.open("Layer", {{"queryable", is_queryable ? "1" : "0"}, {"opaque", "0"}});
    if (is_one_map)
        xml_.element("Name", group.path);
    xml_.element("Title", group.title());
    write_degrees(common_ground(layers));
    for (auto const& crs : worldwide_crs()) {
        if (!is_common(crs))
            continue;
        BoundingBox ground;
        for (auto const& layer : layers)
            ground = join(ground, layer->extent_in(crs));
        write_box(crs, ground);
    }
    write_inside(group);
    xml_.close();
}

void LayersWriter::write_layer(std::shared_ptr<Layer const> const& published)
{
    auto const& layer = *published;
    auto const& description = layer.description;
    xml_.open("Layer", {{"queryable", layer.is_queryable() ? "1" : "0"}, {"opaque", "0"}});
    xml_.element("Name", is_130() ? listed_name(catalog_, layer) : layer.name);
    xml_.element("Title", layer.title());
    if (!description.abstract.empty())
        xml_.element("Abstract", description.abstract);
    write_keywords(xml_, description.keywords);
    for (auto const& crs : layer.crs_list)
        if (!is_common(crs))
            write_system(crs);
    write_degrees(layer.geographic_extent);
    for (auto const& crs : layer.described_crs)
        write_box(crs, layer.extent_in(crs));
    is_130() ? write_wms_130_dimensions(xml_, layer) : write_wms_111_dimensions(xml_, layer);
    if (description.attribution)
        write_attribution(*description.attribution);
    write_identifier(description);
    write_links(description);
    write_styles(published);
    write_scales(description);
    xml_.close();
}

void LayersWriter::write_system(Crs const& crs)
{
    if (is_named(crs))
        xml_.element(is_130() ? "CRS" : "SRS", crs.code());
}

void LayersWriter::write_degrees(BoundingBox const& degrees)
{
    if (is_130()) {
        xml_.open("EX_GeographicBoundingBox");
        xml_.number("westBoundLongitude", degrees.min_x);
        xml_.number("eastBoundLongitude", degrees.max_x);
        xml_.number("southBoundLatitude", degrees.min_y);
        xml_.number("northBoundLatitude", degrees.max_y);
        xml_.close();
        return;
    }
    auto const decimal = [](double value) { return fmt::format("{:.10f}", value); };
    xml_.empty("LatLonBoundingBox", {{"minx", decimal(degrees.min_x)},
                                     {"miny", decimal(degrees.min_y)},
                                     {"maxx", decimal(degrees.max_x)},
                                     {"maxy", decimal(degrees.max_y)}});
}

void LayersWriter::write_box(Crs const& crs, BoundingBox const& box)
{
    if (!is_named(crs))
        return;
    auto const& [min_x, min_y, max_x, max_y] = box;
    bool const turned = is_130() && crs.northing_first();
    xml_.empty("BoundingBox", {{is_130() ? "CRS" : "SRS", crs.code()},
                               {"minx", fmt::format("{}", turned ? min_y : min_x)},
                               {"miny", fmt::format("{}", turned ? min_x : min_y)},
                               {"maxx", fmt::format("{}", turned ? max_y : max_x)},
                               {"maxy", fmt::format("{}", turned ? max_x : max_y)}});
}

void LayersWriter::write_attribution(Attribution const& attribution)
{
    xml_.open("Attribution");
    xml_.element("Title", attribution.title);
    if (!attribution.url.empty())
        write_resource(xml_, attribution.url);
    if (auto const& logo = attribution.logo) {
        xml_.open("LogoURL",
                  {{"width", fmt::format("{}", logo->width)}, {"height", fmt::format("{}", logo->height)}});
        xml_.element("Format", logo->format);
        write_resource(xml_, logo->url);
        xml_.close();
    }
    xml_.close();
}

void LayersWriter::write_identifier(LayerDescription const& description)
{
    if (auto const& authority = description.authority) {
        xml_.open("AuthorityURL", {{"name", authority->name}});
        write_resource(xml_, authority->url);
        xml_.close();
    }
    if (!description.identifier.empty())
        xml_.element("Identifier", description.identifier, {{"authority", description.authority->name}});
}

void LayersWriter::write_links(LayerDescription const& description)
{
    for (auto const& link : description.metadata)
        if (auto const type = is_130() ? link.type : metadata_type_in_111(link.type); !type.empty())
            write_link("MetadataURL", link, {{"type", type}});
    for (auto const& link : description.data)
        write_link("DataURL", link);
}

void LayersWriter::write_link(char const* name, DocumentLink const& link, XmlAttributes attributes)
{
    xml_.open(name, attributes);
    xml_.element("Format", link.format);
    write_resource(xml_, link.url);
    xml_.close();
}

void LayersWriter::write_styles(std::shared_ptr<Layer const> const& layer)
{
    for (auto const& [styled, name] : is_130() ? listed_styles(catalog_, layer) : own_styles(layer)) {
        auto const& style = *styled.style;
        xml_.open("Style");
        xml_.element("Name", name);
        xml_.element("Title", style.title.in(language_));
        if (!style.abstract.empty())
            xml_.element("Abstract", style.abstract.in(language_));
        write_legend(styled);
        xml_.close();
    }
}

void LayersWriter::write_legend(StyledLayer const& styled)
{
    auto const legend = legend_link(address_, styled, language_);
    xml_.open("LegendURL", {{"width", fmt::format("{}", legend.size.width)},
                            {"height", fmt::format("{}", legend.size.height)}});
    xml_.element("Format", legend_formats.front());
    write_resource(xml_, legend.url);
    xml_.close();
}

/// Denominators in 1.3.0, for a pixel of 0.28 mm; in 1.1.1 the diagonal of such a pixel on the ground, in
/// metres.
void LayersWriter::write_scales(LayerDescription const& description)
{
    auto const& [least, most] = std::pair{description.min_scale, description.max_scale};
    if (is_130()) {
        if (least)
            xml_.number("MinScaleDenominator", *least);
        if (most)
            xml_.number("MaxScaleDenominator", *most);
        return;
    }
    constexpr double diagonal = 0.00028 * std::numbers::sqrt2;
    auto const hint = [](double scale) { return fmt::format("{}", scale * diagonal); };
    if (least || most)
        xml_.empty("ScaleHint",
                   {{"min", least ? hint(*least) : "0"}, {"max", most ? hint(*most) : "Infinity"}});
}

} // namespace

void write_layers(XmlWriter& xml, WmsVersion version, Catalog const& catalog, LayerGroup const& root,
                  std::string const& address)
{
    LayersWriter{xml, version, catalog, address}.write_root(root);
}

void write_resource(XmlWriter& xml, std::string const& address)
{
    xml.empty(
        "OnlineResource",
        {{"xmlns:xlink", "http://www.w3.org/1999/xlink"}, {"xlink:type", "simple"}, {"xlink:href", address}});
}

void write_keywords(XmlWriter& xml, std::vector<std::string> const& keywords, std::string_view iso_keyword)
{
    if (keywords.empty() && iso_keyword.empty())
        return;
    xml.open("KeywordList");
    for (auto const& keyword : keywords)
        xml.element("Keyword", keyword);
    if (!iso_keyword.empty())
        xml.element("Keyword", iso_keyword, {{"vocabulary", "ISO"}});
    xml.close();
}

} // namespace ardoise
