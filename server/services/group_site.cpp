// SPDX-License-Identifier: Apache-2.0
#include "server/services/group_site.hpp"

#include "server/services/parameters.hpp"
#include "server/services/wmts_capabilities.hpp"

namespace ardoise {

namespace {

std::shared_ptr<Site const> write_group_site(Site const& whole, LayerGroup const& group)
{
    auto site = std::make_shared<Site>();
    site->catalog = std::make_shared<Catalog const>(
        whole.catalog->part(group, group_address(*whole.catalog, group.path)));
    auto const& catalog = *site->catalog;
    auto const& layers = catalog.layers();
    site->wmts_capabilities =
        compressed_ahead(document("application/xml", wmts_capabilities(catalog, layers, "")));
    site->wms_130_capabilities =
        compressed_ahead(document("text/xml", wms_130_capabilities(catalog, layers, "")));
    site->wms_111_capabilities =
        compressed_ahead(document("application/vnd.ogc.wms_xml", wms_111_capabilities(catalog, layers, "")));
    return site;
}

} // namespace

std::string group_address(Catalog const& catalog, std::string_view path)
{
    auto address = catalog.options().public_url;
    for (auto rest = path; !rest.empty();)
        address += "/" + url_encode(cut_piece(rest, '/'));
    return address;
}

bool has_services(Catalog const& catalog, std::string_view path)
{
    return !catalog.find_layer(path);
}

std::shared_ptr<Site const> find_group_site(Site const& whole, LayerGroup const& group)
{
    return whole.group_sites.find(group.path);
}

std::shared_ptr<Site const> make_group_site(Site const& whole, LayerGroup const& group)
{
    if (auto site = find_group_site(whole, group))
        return site;
    return whole.group_sites.keep(group.path, write_group_site(whole, group));
}

} // namespace ardoise
