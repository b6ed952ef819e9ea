// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/layer.hpp"

#include "server/catalog/ground.hpp"
#include "styles/class_style.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace ardoise {

namespace {

std::uint64_t next_serial()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

/// Whether what caches hold of `before` is good, and what is open of it are the files that stand there.
bool is_still(Layer const* before, Origin const& origin)
{
    return before && before->fingerprint == origin.fingerprint && before->files == origin.files;
}

/// Whether both cut the ground into the very same tiles.
bool coincide(TileMatrix const& a, TileMatrix const& b)
{
    double const near = 1e-9 * std::max(std::abs(a.origin_x), std::abs(a.origin_y));
    return std::abs(a.cell_size / b.cell_size - 1) < 1e-9 && std::abs(a.origin_x - b.origin_x) <= near &&
           std::abs(a.origin_y - b.origin_y) <= near && a.tile_width == b.tile_width &&
           a.tile_height == b.tile_height;
}

Level const* stored_level(Pyramid const& pyramid, TileMatrixSet const& set, TileMatrix const& matrix)
{
    if (!same_place(set.crs, pyramid.set->crs))
        return nullptr;
    auto const found = std::find_if(pyramid.levels.begin(), pyramid.levels.end(), [&](Level const& level) {
        return coincide(matrix, pyramid.matrix(level));
    });
    return found == pyramid.levels.end() ? nullptr : &*found;
}

TileMatrixSetLink make_link(Layer const& layer, std::shared_ptr<TileMatrixSet const> set)
{
    TileMatrixSetLink link{.set = std::move(set), .limits = {}, .stored = {}};
    auto const extent = layer.extent_in(link.set->crs);
    for (auto const& matrix : link.set->matrices) {
        auto const* stored = stored_level(layer.pyramid, *link.set, matrix);
        link.stored.push_back(stored);
        auto limits = tiles_covering(matrix, extent);
        if (stored)
            limits = join(limits, intersect(stored->limits, matrix.range()));
        link.limits.push_back(limits);
    }
    return link;
}

std::vector<LayerStyle> styles_for(LayerDescription const& description, Pyramid const& pyramid)
{
    if (!description.styles.empty())
        return description.styles;
    bool const heights = pyramid.format.type == SampleType::float32 && pyramid.channels == 1;
    LayerStyle const normal{normal_style()};
    if (!pyramid.classes.empty())
        return {LayerStyle{class_style(pyramid)}, normal};
    return heights ? std::vector{LayerStyle{elevation_style()}, normal} : std::vector{normal};
}

void add_once(std::vector<Crs>& systems, std::vector<Crs> const& more)
{
    for (auto const& crs : more)
        if (std::find(systems.begin(), systems.end(), crs) == systems.end())
            systems.push_back(crs);
}

std::vector<Crs> meant_for(Layer const& layer, std::vector<Crs> systems)
{
    std::erase_if(systems, [&](Crs const& crs) { return !is_meant_for(crs, layer.geographic_extent); });
    return systems;
}

/// The pyramid's own system, what clients of the web want, and what the description adds. Boxes in all of the
/// regional ones would make up most of the capabilities of thousands of layers (OGC 06-042 7.2.4.6.8 asks for
/// the own one).
std::vector<Crs> described_systems(Layer const& layer, Offer const& further)
{
    std::vector<Crs> systems{layer.pyramid.set->crs};
    add_once(systems, meant_for(layer, further.worldwide_crs));
    add_once(systems, layer.description.extra_crs);
    return systems;
}

/// Those, and the regional ones that are meant for the layer's ground.
std::vector<Crs> systems_of(Layer const& layer, Offer const& further)
{
    auto systems = layer.described_crs;
    add_once(systems, meant_for(layer, further.regional_crs));
    return systems;
}

/// Sets of tiles, likewise; the own one comes first.
std::vector<TileMatrixSetLink> links_of(Layer const& layer, Offer const& further)
{
    std::vector<TileMatrixSetLink> links;
    auto const add = [&](std::shared_ptr<TileMatrixSet const> const& set) {
        if (std::none_of(links.begin(), links.end(),
                         [&](auto const& link) { return link.set->id == set->id; }))
            links.push_back(make_link(layer, set));
    };
    add(layer.pyramid.set);
    if (!layer.is_vector())
        std::for_each(further.sets.begin(), further.sets.end(), add);
    std::for_each(layer.description.extra_sets.begin(), layer.description.extra_sets.end(), add);
    return links;
}

/// The middle of a box in degrees.
Place middle_of(BoundingBox const& degrees)
{
    return {(degrees.min_x + degrees.max_x) / 2, (degrees.min_y + degrees.max_y) / 2};
}

} // namespace

TileMatrixSetLink const* Layer::find_link(std::string_view set_id) const
{
    auto const found =
        std::find_if(links.begin(), links.end(), [&](auto const& link) { return link.set->id == set_id; });
    return found == links.end() ? nullptr : &*found;
}

LayerStyle const* Layer::find_style(std::string_view identifier) const
{
    if (identifier.empty())
        return &styles.front();
    auto const found = std::find_if(styles.begin(), styles.end(),
                                    [&](Style const& style) { return style.identifier == identifier; });
    return found == styles.end() ? nullptr : &*found;
}

TileMatrixSetLink const& Layer::web_mercator_link() const
{
    auto const is_mercator = [](TileMatrixSetLink const& link) { return link.set->crs.epsg() == 3857; };
    auto const found = std::find_if(links.begin(), links.end(), is_mercator);
    return found == links.end() ? links.front() : *found;
}

BoundingBox Layer::extent_in(Crs const& crs) const
{
    if (same_place(crs, geographic_crs()))
        return geographic_extent;
    return transform_to(crs).apply(pyramid.extent());
}

Place Layer::place_of_use(Crs const& crs) const
{
    auto const both = intersect(crs.area_of_use(), pyramid.set->crs.area_of_use());
    auto const common = intersect(geographic_extent, both);
    return middle_of(common.empty() ? geographic_extent : common);
}

Transform const& Layer::transform_from(Crs const& crs) const
{
    return transform_between(crs, pyramid.set->crs, place_of_use(crs));
}

Transform const& Layer::transform_to(Crs const& crs) const
{
    return transform_between(pyramid.set->crs, crs, place_of_use(crs));
}

std::shared_ptr<Layer const> make_layer(Pyramid pyramid, LayerDescription description, Origin const& origin,
                                        Offer const& further, Layer const* before,
                                        std::shared_ptr<Series const> series)
{
    auto layer = std::make_shared<Layer>();
    layer->name = pyramid.name;
    layer->description = std::move(description);
    layer->serial = is_still(before, origin) ? before->serial : next_serial();
    layer->modified = origin.modified;
    layer->fingerprint = origin.fingerprint;
    layer->files = origin.files;
    layer->series = std::move(series);
    layer->styles = styles_for(layer->description, pyramid);
    layer->geographic_extent = geographic_extent(pyramid);
    layer->pyramid = std::move(pyramid);
    layer->described_crs = described_systems(*layer, further);
    layer->crs_list = systems_of(*layer, further);
    layer->links = links_of(*layer, further);
    return layer;
}

} // namespace ardoise
