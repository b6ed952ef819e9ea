// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/product_builder.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/recipe.hpp"
#include "pyramid/build/slab_files.hpp"
#include "pyramid/sources/band_meaning.hpp"

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

/// Whether the band that stands where pictures have their alpha is one, as the first source says.
bool ends_with_alpha(Product const& product, PreparedBuild const& prepared)
{
    auto const& source = prepared.sources.front().source;
    return product.bands.size() % 2 == 0 &&
           (source.palette || is_alpha(source.file, prepared.options.source, product.bands.back()));
}

Pyramid pyramid_for(Product const& product, PreparedBuild const& prepared, std::int64_t revision)
{
    Pyramid pyramid;
    pyramid.name = product.name;
    pyramid.revision = revision;
    pyramid.set = prepared.plan.set;
    pyramid.format = storage_format(product, prepared.type);
    pyramid.channels = static_cast<std::int32_t>(product.bands.size());
    // ROK4 writes no other band there, and may not read one.
    pyramid.has_alpha = prepared.options.rok4_strict || ends_with_alpha(product, prepared);
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

std::string common_unit(std::vector<SourceRecord> const& sources)
{
    auto const& unit = sources.front().source.unit;
    bool const is_common = std::all_of(sources.begin(), sources.end(), [&](SourceRecord const& record) {
        return record.source.unit == unit;
    });
    return is_common ? unit : std::string{};
}

/// Which classes values are, as the first source says, and whether the band that stands where pictures have
/// their alpha is one.
Json meaning_of(Product const& product, PreparedBuild const& prepared)
{
    auto const& file = prepared.sources.front().source.file;
    auto const& options = prepared.options.source;
    auto members = Json::object();
    if (product.bands.size() % 2 == 0)
        members.set("alpha", ends_with_alpha(product, prepared));
    if (options.palette == PaletteSamples::indices)
        if (auto classes = classes_of(file, options); !classes.as<Json::Array>()->empty())
            members.set("classes", std::move(classes));
    return members;
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

std::string journal_name(std::optional<std::size_t> piece)
{
    return piece ? fmt::format("{}-{:06}", journal_prefix, *piece) : journal_prefix;
}

} // namespace

ProductBuilder::ProductBuilder(Product const& product, PreparedBuild const& prepared, BuildScope scope)
    : plan_{prepared.plan}, scope_{std::move(scope)}, product_{product},
      source_count_{prepared.sources.size()}, unit_{common_unit(prepared.sources)},
      meaning_{meaning_of(product, prepared)}, writer_{prepared.options.store,
                                                       pyramid_for(product, prepared, scope_.revision),
                                                       recipe_of(product, prepared), scope_.purpose},
      from_sources_{writer_.pyramid(), channels_for(product, prepared.bands), product.quality},
      from_own_{writer_.pyramid(), all_channels(product), product.quality},
      whole_mask_{mask_of_whole_tile(writer_.pyramid().tile_shape(writer_.pyramid().finest()))},
      blank_{from_own_.blank()}, stores_blanks_{prepared.options.rok4_strict}, rebuilt_{plan_.roots_and_crown(
                                                                                   scope_.patches)},
      assembler_{plan_, scope_.patches}, crown_{plan_, scope_.patches,
                                                writer_.pyramid().tile_shape(writer_.pyramid().finest()),
                                                prepared.options.resampling,
                                                [this](std::size_t level, TileIndex tile) {
                                                    return standing_pixels(level, tile);
                                                }}
{
    auto const own_journal = writer_.folder() / journal_name(scope_.piece);
    if (scope_.piece)
        replay(own_journal);
    else
        for (auto const& journal : journals_in(writer_.folder()))
            replay(journal);
    journal_.emplace(own_journal);
}

void ProductBuilder::encode(std::size_t level, TileIndex tile, MaskedView pixels, PatchTiles& into) const
{
    auto encoded = from_sources_.encode(level, tile, pixels, plan_.keeps_exact(level));
    if (!encoded)
        return;
    into.tiles.push_back(std::move(*encoded));
    if (is_root_with_parents(level))
        into.root = from_sources_.pick(pixels);
}

bool ProductBuilder::is_root_with_parents(std::size_t level) const
{
    return level == plan_.quadtree_of(level).root_level && plan_.has_parents(level);
}

/// Whether the tile's slab holds tiles of one patch only, and needs not be remembered for others.
bool ProductBuilder::stays_within(EncodedTile const& tile) const
{
    return !is_root_with_parents(tile.level) &&
           assembler_.is_of_one_patch(tile.level, plan_.slab_of(tile.tile));
}

void ProductBuilder::deliver(Patch const& patch, PatchTiles patch_tiles)
{
    if (done_.contains(patch))
        return; // another product still wanted it
    PatchRecord record{patch, {}, {}};
    auto& tiles = patch_tiles.tiles;
    auto const for_others = std::partition(tiles.begin(), tiles.end(),
                                           [&](EncodedTile const& tile) { return stays_within(tile); });
    record.tiles.assign(for_others, tiles.end());
    if (scope_.piece)
        tiles.erase(for_others, tiles.end()); // another process assembles them
    auto finished = assembler_.deliver_patch(patch, std::move(patch_tiles.tiles));
    auto const shared = std::partition(finished.begin(), finished.end(), [&](FinishedSlab const& slab) {
        return assembler_.is_of_one_patch(slab.level, slab.slab);
    });
    for (auto slab = finished.begin(); slab != shared; ++slab)
        for (auto& file : write(std::move(*slab)))
            record.slabs.push_back(std::move(file));
    journal_->append(record);
    writer_.keep();
    if (scope_.piece)
        return;
    for (auto slab = shared; slab != finished.end(); ++slab)
        write(std::move(*slab));
    grow_crown(patch, std::move(patch_tiles.root));
}

void ProductBuilder::replay(std::filesystem::path const& journal)
{
    std::set<Patch> const wanted{scope_.patches.begin(), scope_.patches.end()};
    read_journal(journal, [&](PatchRecord record) {
        bool const whole = wanted.contains(record.patch) &&
                           std::all_of(record.slabs.begin(), record.slabs.end(),
                                       [&](auto const& file) { return writer_.adopt(file); });
        if (!whole || !done_.insert(record.patch).second || scope_.piece)
            return;
        std::optional<MaskedRaster> root;
        for (auto const& tile : record.tiles)
            if (is_root_with_parents(tile.level))
                root = from_own_.decode(tile);
        for (auto& slab : assembler_.deliver_patch(record.patch, std::move(record.tiles)))
            if (!assembler_.is_of_one_patch(slab.level, slab.slab))
                write(std::move(slab));
        grow_crown(record.patch, std::move(root));
    });
}

void ProductBuilder::grow_crown(Patch const& patch, std::optional<MaskedRaster> root)
{
    auto level = plan_.quadtree_of(patch).root_level;
    auto tile = patch.place;
    auto pixels = std::move(root);
    while (auto parent = crown_.hand_up(level, tile, pixels ? &*pixels : nullptr)) {
        --level;
        tile = parent->tile;
        pixels = std::move(parent->pixels);
        auto encoded =
            pixels ? from_own_.encode(level, tile, pixels->view(), plan_.keeps_exact(level)) : std::nullopt;
        if (auto slab = assembler_.deliver_crown(level, tile, std::move(encoded)))
            write(std::move(*slab));
    }
}

bool ProductBuilder::is_rebuilt(std::size_t level, TileIndex tile) const
{
    auto const& quadtree = plan_.quadtree_of(level);
    if (level < quadtree.root_level)
        return rebuilt_[level].contains(tile);
    auto const side = quadtree.tiles_across(level);
    return rebuilt_[quadtree.root_level].contains({tile.col / side, tile.row / side});
}

/// The tile as a patch would have brought it.
std::optional<EncodedTile> ProductBuilder::standing_tile(std::size_t level, TileIndex tile) const
{
    auto found =
        scope_.standing ? scope_.standing->tile(level, matrix_id(level), tile) : std::optional<EncodedTile>{};
    if (found && found->mask == blank_.mask)
        return std::nullopt;
    if (found && found->mask == whole_mask_)
        found->mask.clear();
    return found;
}

std::optional<MaskedRaster> ProductBuilder::standing_pixels(std::size_t level, TileIndex tile) const
{
    auto const found = standing_tile(level, tile);
    return found ? std::optional{from_own_.decode(*found)} : std::nullopt;
}

/// What no patch brings stays as it stands.
void ProductBuilder::add_standing_tiles(FinishedSlab& slab) const
{
    if (!scope_.standing)
        return;
    auto const& level = writer_.pyramid().levels[slab.level];
    auto const inside = intersect(level.tiles_of(slab.slab), level.limits);
    for (auto row = inside.first.row; row < inside.last.row; ++row)
        for (auto col = inside.first.col; col < inside.last.col; ++col)
            if (!is_rebuilt(slab.level, {col, row}))
                if (auto tile = standing_tile(slab.level, {col, row}))
                    slab.tiles.push_back(std::move(*tile));
}

/// Every tile of the slab that nobody has brought, without any data.
void ProductBuilder::fill_up(FinishedSlab& slab) const
{
    std::set<TileIndex> there;
    for (auto const& tile : slab.tiles)
        there.insert(tile.tile);
    bool const with_exact = std::any_of(slab.tiles.begin(), slab.tiles.end(),
                                        [](auto const& tile) { return !tile.exact.empty(); });
    auto const all = writer_.pyramid().levels[slab.level].tiles_of(slab.slab);
    for (auto row = all.first.row; row < all.last.row; ++row)
        for (auto col = all.first.col; col < all.last.col; ++col)
            if (!there.contains({col, row}))
                slab.tiles.push_back(
                    {slab.level, {col, row}, blank_.data, blank_.mask, with_exact ? blank_.exact : Bytes{}});
}

std::vector<SlabChecksum> ProductBuilder::write(FinishedSlab slab)
{
    add_standing_tiles(slab);
    if (slab.tiles.empty())
        return {};
    if (stores_blanks_)
        fill_up(slab);
    return write_slab(writer_, slab, whole_mask_);
}

/// Slabs of the standing pyramid that no patch has touched, and that the new limits still reach.
void ProductBuilder::link_untouched_slabs()
{
    auto const& before = scope_.standing->pyramid();
    for (auto const& file : read_checksums(before.folder / checksums_file_name)) {
        auto const place = parse_slab_name(file.slab);
        auto const* level = place ? writer_.pyramid().find_level(place->level) : nullptr;
        if (!level)
            continue;
        auto const number = static_cast<std::size_t>(level - writer_.pyramid().levels.data());
        auto const inside = intersect(level->tiles_of(place->slab), level->limits);
        if (!inside.empty() && !assembler_.has_awaited(number, place->slab))
            writer_.link(before.folder, file);
    }
}

PyramidWriter::Published ProductBuilder::publish(std::function<void()> const& before_naming)
{
    if (scope_.standing)
        link_untouched_slabs();
    writer_.keep(!writer_.empty());
    if (writer_.empty())
        fail("the sources hold no data at all: nothing was built for {}", product_.name);
    before_naming();
    auto bands = Json::array();
    for (int const band : product_.bands)
        bands.add(band);
    auto members = Json::object({{"sources", static_cast<std::int64_t>(source_count_)}, {"bands", bands}});
    if (!unit_.empty())
        members.set("unit", unit_);
    for (auto const& [name, value] : *meaning_.as<Json::Object>())
        members.set(name, value);
    return writer_.publish(std::move(members));
}

} // namespace ardoise
