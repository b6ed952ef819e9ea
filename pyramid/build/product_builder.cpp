// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/product_builder.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/recipe.hpp"
#include "pyramid/store/slab_writer.hpp"

#include <algorithm>
#include <numeric>

namespace ardoise {

namespace {

constexpr int path_depth = 2; // folders below the level's, as ROK4's tools do

std::vector<double> nodata_for(SampleType type, std::size_t channels, std::optional<double> stated)
{
    double const usual = type == SampleType::uint8 ? 255 : type == SampleType::uint16 ? 0 : -99999;
    return std::vector<double>(channels, stated.value_or(usual));
}

Pyramid pyramid_for(Product const& product, PreparedBuild const& prepared)
{
    Pyramid pyramid;
    pyramid.name = product.name;
    pyramid.set = prepared.plan.set;
    pyramid.format = storage_format(product, prepared.type);
    pyramid.channels = static_cast<std::int32_t>(product.bands.size());
    pyramid.nodata = nodata_for(prepared.type, product.bands.size(), prepared.options.source.nodata);
    pyramid.photometric = pyramid.channels < 3 ? "gray" : "rgb";
    pyramid.interpolation = rok4_name(prepared.options.resampling);
    for (auto const& planned : prepared.plan.levels) {
        Level level;
        level.id = pyramid.set->matrices[planned.matrix].id;
        level.matrix = planned.matrix;
        level.tiles_per_width = prepared.plan.slab_width;
        level.tiles_per_height = prepared.plan.slab_height;
        level.limits = planned.limits;
        level.path_depth = path_depth;
        pyramid.levels.push_back(std::move(level));
    }
    return pyramid;
}

/// The product's bands among those that are read.
std::vector<int> channels_for(Product const& product, std::vector<int> const& bands)
{
    std::vector<int> channels;
    for (int const band : product.bands)
        channels.push_back(static_cast<int>(std::find(bands.begin(), bands.end(), band) - bands.begin()));
    return channels;
}

std::vector<int> all_channels(Product const& product)
{
    std::vector<int> channels(product.bands.size());
    std::iota(channels.begin(), channels.end(), 0);
    return channels;
}

SlabLayout exact_layout(SlabLayout layout)
{
    layout.format = *exact_twin(layout.format);
    return layout;
}

Bytes mask_of_whole_tile(RasterShape shape)
{
    Raster mask{{shape.width, shape.height}};
    std::fill(mask.bytes().begin(), mask.bytes().end(), std::byte{255});
    return encode_tile(mask.view(), *find_tile_format("TIFF_ZIP_UINT8"), 100);
}

} // namespace

ProductBuilder::ProductBuilder(Product const& product, PreparedBuild const& prepared)
    : plan_{prepared.plan}, product_{product},
      source_count_{prepared.source_count}, writer_{prepared.options.store, pyramid_for(product, prepared),
                                                    recipe_of(product, prepared).pretty_text()},
      from_sources_{writer_.pyramid(), channels_for(product, prepared.bands), product.quality},
      from_own_{writer_.pyramid(), all_channels(product), product.quality},
      whole_mask_{mask_of_whole_tile(writer_.pyramid().tile_shape(writer_.pyramid().finest()))},
      assembler_{plan_, plan_.patches}, crown_{plan_, plan_.patches,
                                               writer_.pyramid().tile_shape(writer_.pyramid().finest()),
                                               prepared.options.resampling}
{
    auto const journal = writer_.folder() / journal_prefix;
    if (writer_.resumes())
        replay(journal);
    journal_.emplace(journal);
}

void ProductBuilder::encode(std::size_t level, TileIndex tile, MaskedView pixels, PatchTiles& into) const
{
    bool const is_root = level == plan_.root_level();
    auto encoded = from_sources_.encode(level, tile, pixels, is_root);
    if (!encoded)
        return;
    into.tiles.push_back(std::move(*encoded));
    if (is_root && level > 0)
        into.root = from_sources_.pick(pixels);
}

/// Whether the tile's slab holds tiles of one patch only, and needs not be remembered for others.
bool ProductBuilder::stays_within(EncodedTile const& tile) const
{
    bool const is_root = tile.level == plan_.root_level() && tile.level > 0;
    return !is_root && assembler_.is_of_one_patch(tile.level, plan_.slab_of(tile.tile));
}

void ProductBuilder::deliver(TileIndex patch, PatchTiles patch_tiles)
{
    if (done_.contains(patch))
        return; // another product still wanted it
    PatchRecord record{patch, {}, {}};
    std::copy_if(patch_tiles.tiles.begin(), patch_tiles.tiles.end(), std::back_inserter(record.tiles),
                 [&](EncodedTile const& tile) { return !stays_within(tile); });
    auto const finished = assembler_.deliver_patch(patch, std::move(patch_tiles.tiles));
    for (auto const& slab : finished)
        if (assembler_.is_of_one_patch(slab.level, slab.slab))
            for (auto& file : write(slab))
                record.slabs.push_back(std::move(file));
    journal_->append(record);
    writer_.keep();
    for (auto const& slab : finished)
        if (!assembler_.is_of_one_patch(slab.level, slab.slab))
            write(slab);
    grow_crown(patch, std::move(patch_tiles.root));
}

void ProductBuilder::replay(std::filesystem::path const& journal)
{
    read_journal(journal, [&](PatchRecord record) {
        bool const whole = std::all_of(record.slabs.begin(), record.slabs.end(),
                                       [&](auto const& file) { return writer_.adopt(file); });
        if (!whole || !done_.insert(record.patch).second)
            return;
        std::optional<MaskedRaster> root;
        for (auto const& tile : record.tiles)
            if (tile.level == plan_.root_level() && tile.level > 0)
                root = from_own_.decode(tile);
        for (auto const& slab : assembler_.deliver_patch(record.patch, std::move(record.tiles)))
            if (!assembler_.is_of_one_patch(slab.level, slab.slab))
                write(slab);
        grow_crown(record.patch, std::move(root));
    });
}

void ProductBuilder::grow_crown(TileIndex tile, std::optional<MaskedRaster> pixels)
{
    auto level = plan_.root_level();
    while (auto parent = crown_.hand_up(level, tile, pixels ? &*pixels : nullptr)) {
        --level;
        tile = parent->tile;
        pixels = std::move(parent->pixels);
        auto encoded = pixels ? from_own_.encode(level, tile, pixels->view(), true) : std::nullopt;
        if (auto const slab = assembler_.deliver_crown(level, tile, std::move(encoded)))
            write(*slab);
    }
}

Bytes ProductBuilder::masks_of(FinishedSlab const& slab, SlabLayout const& layout) const
{
    std::vector<ByteView> masks(layout.tile_count());
    for (auto const& tile : slab.tiles)
        masks[place_in_slab(tile.tile)] = tile.mask.empty() ? ByteView{whole_mask_} : ByteView{tile.mask};
    return assemble_slab(mask_layout(layout), masks);
}

std::size_t ProductBuilder::place_in_slab(TileIndex tile) const
{
    auto const within = writer_.pyramid().finest().within_slab(tile);
    return static_cast<std::size_t>(within.row * plan_.slab_width + within.col);
}

std::vector<SlabChecksum> ProductBuilder::write(FinishedSlab const& slab)
{
    if (slab.tiles.empty())
        return {};
    auto const& level = writer_.pyramid().levels[slab.level];
    auto const layout = writer_.pyramid().layout(level, slab.slab);
    std::vector<SlabChecksum> files;
    auto const write_file = [&](char const* kind, Bytes const& bytes) {
        files.push_back(writer_.write(kind, level, slab.slab, bytes));
    };
    std::vector<ByteView> data(layout.tile_count()), exact(layout.tile_count());
    bool any_mask = false, any_exact = false;
    for (auto const& tile : slab.tiles) {
        data[place_in_slab(tile.tile)] = tile.data;
        exact[place_in_slab(tile.tile)] = tile.exact;
        any_mask = any_mask || !tile.mask.empty();
        any_exact = any_exact || !tile.exact.empty();
    }
    write_file(slab_kind::data, assemble_slab(layout, data));
    if (any_mask)
        write_file(slab_kind::mask, masks_of(slab, layout));
    if (any_exact)
        write_file(slab_kind::exact, assemble_slab(exact_layout(layout), exact));
    return files;
}

PyramidWriter::Published ProductBuilder::publish()
{
    writer_.keep(!writer_.empty());
    if (writer_.empty())
        fail("the sources hold no data at all: nothing was built for {}", product_.name);
    auto bands = Json::array();
    for (int const band : product_.bands)
        bands.add(band);
    return writer_.publish(
        Json::object({{"sources", static_cast<std::int64_t>(source_count_)}, {"bands", bands}}));
}

} // namespace ardoise
