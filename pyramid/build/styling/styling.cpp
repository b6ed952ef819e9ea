// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/styling/styling.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/build/journal.hpp"
#include "pyramid/build/product.hpp"
#include "pyramid/build/slab_files.hpp"
#include "pyramid/build/styling/chosen_style.hpp"
#include "pyramid/build/styling/styled_tile.hpp"
#include "pyramid/build/styling/styling_recipe.hpp"
#include "pyramid/build/workers.hpp"
#include "styles/drawing/overzoom.hpp"
#include "styles/drawing/picture.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <thread>
#include <utility>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

void check_shows_pixels(Pyramid const& source)
{
    if (source.format.compression == TileCompression::vector)
        fail("{}: is of vector tiles, which a style of pixels cannot show", source.name);
}

/// By the words that a build has for them.
TileFormat format_for(StylingOptions const& options, Style const& style, std::int32_t channels)
{
    Product const pictures{
        .name = options.name, .bands = {1, 2, 3}, .format = options.format, .quality = options.quality};
    auto const format = storage_format(pictures, SampleType::uint8);
    bool const is_jpeg = format.compression == TileCompression::jpeg;
    if (is_jpeg && style.encodes_values())
        fail("the colours of the style {} are numbers, which JPEG changes: take --format png or webp, which "
             "lose nothing",
             style.identifier);
    if (is_jpeg && channels % 2 == 0)
        fail("the style {} lets through what lies below, which JPEG cannot: take --format png or webp",
             style.identifier);
    return format;
}

/// What is open in the pictures of a level that does not reach everywhere would be filled, by whoever serves
/// them, from pictures of coarser ones.
void check_is_filled_alike(Pyramid const& source, Style const& style, std::int32_t channels)
{
    bool const is_partial = std::any_of(source.levels.begin(), source.levels.end(),
                                        [&](Level const& level) { return source.is_partial(level); });
    if (is_partial && channels % 2 == 0)
        fail("the style {} lets through what lies below, and some levels of {} reach further than others: "
             "coarser pictures would show through finer ones; have the server draw this style",
             style.identifier, source.name);
}

Pyramid pictures_of(Pyramid const& source, Style const& style, StylingOptions const& options)
{
    auto const channels = channels_in(style, source);
    check_is_filled_alike(source, style, channels);
    Pyramid target;
    target.name = options.name;
    target.set = source.set;
    target.format = format_for(options, style, channels);
    target.channels = stored_channels(target.format, style, channels);
    bool const has_alpha = target.channels % 2 == 0;
    target.nodata.assign(static_cast<std::size_t>(target.channels), has_alpha ? 0 : 255);
    target.photometric = target.channels < 3 ? "gray" : "rgb";
    target.interpolation = source.interpolation;
    target.levels = source.levels;
    for (auto& level : target.levels) {
        level.directory.clear();
        level.mask_directory.reset();
    }
    return target;
}

StylingRecipe recipe_for(PreparedStyling const& prepared)
{
    auto const& options = prepared.options;
    auto const descriptor = fs::absolute(options.descriptor).lexically_normal();
    bool const is_in_same_store =
        fs::weakly_canonical(descriptor.parent_path()) == fs::weakly_canonical(options.store);
    return {.of = is_in_same_store ? descriptor.filename() : descriptor,
            .style = prepared.style.identifier,
            .format = std::string{prepared.target.format.name},
            .definition = full_definition(prepared.style),
            .quality = options.quality};
}

/// The revision that stands under the name, which must be of these pictures.
std::optional<Pyramid> standing_revision(StylingOptions const& options, StylingRecipe const& recipe)
{
    auto const descriptor = descriptor_file(options.store, options.name);
    if (!is_there(descriptor))
        return std::nullopt;
    auto const standing = read_pyramid(descriptor, TileMatrixSetLibrary{{options.store / "tilematrixsets"}});
    auto const drawn = read_styling_recipe(standing.folder);
    if (!drawn || drawn->of != recipe.of)
        refuse_taken_name(options.store, options.name);
    if (drawn->style != recipe.style || drawn->format != recipe.format)
        fail(
            "{0}: is the style {1} in {2}, not {3} in {4}; take it away with `ardoise remove {0}`, or choose "
            "another name",
            descriptor.string(), drawn->style, drawn->format, recipe.style, recipe.format);
    return standing;
}

/// Whether what is drawn of a slab follows from it, and from its neighbours where the style looks at them:
/// that nothing is filled from coarser levels.
bool shows_own_values_alone(Pyramid const& source, Style const& style)
{
    for (auto const& level : source.levels) {
        bool const has_fitting_tiles = reach(style) == 0 || &level == &source.levels.front() ||
                                       tiles_fit_pixels(source.matrix(level), source.matrix(*(&level - 1)));
        if (source.is_partial(level) || !has_fitting_tiles)
            return false;
    }
    return true;
}

bool has_same_slabs(Pyramid const& a, Pyramid const& b)
{
    return std::ranges::equal(a.levels, b.levels, [](Level const& one, Level const& other) {
        return one.id == other.id && one.tiles_per_width == other.tiles_per_width &&
               one.tiles_per_height == other.tiles_per_height && one.path_depth == other.path_depth;
    });
}

/// All slabs, or those that changed since the revision before.
void plan_drawing(PreparedStyling& prepared, StylingRecipe const& recipe)
{
    auto const& source = prepared.source;
    auto const& style = prepared.style;
    prepared.to_draw = slabs_in(prepared.drawn_from, source);
    auto const& before = prepared.before;
    bool const draws_all = !before || read_styling_recipe(before->folder) != recipe ||
                           !is_there(before->folder / drawn_from_name) ||
                           !has_same_slabs(*before, prepared.target) ||
                           !shows_own_values_alone(source, style);
    if (draws_all)
        return;
    DrawnFrom const drawn_from{read_checksums(before->folder / drawn_from_name)};
    auto const all =
        std::exchange(prepared.to_draw, slabs_changed(drawn_from, prepared.drawn_from, source, reach(style)));
    std::set<SlabPlace> kept;
    std::ranges::set_difference(all, prepared.to_draw, std::inserter(kept, kept.end()));
    for (auto const& file : read_checksums(before->folder / checksums_file_name)) {
        auto const place = parse_slab_name(file.slab);
        auto const* level = place ? source.find_level(place->level) : nullptr;
        if (level && kept.contains({static_cast<std::size_t>(level - source.levels.data()), place->slab}))
            prepared.taken_over.push_back(file);
    }
}

Json members_of(PreparedStyling const& prepared)
{
    auto const& style = prepared.style;
    auto members = Json::object({{"style", Json::object({{"of", prepared.source.name},
                                                         {"identifier", style.identifier},
                                                         {"title", style.title.in("en")}})}});
    if (style.encodes_values() || !may_be_blended(style))
        members.set("blended", false);
    return members;
}

/// Draws slab after slab, the tiles of each on all threads: so a slab's tiles and the decoded ones around are
/// all that is held.
class SlabDrawer {
public:
    SlabDrawer(PreparedStyling const& prepared, PyramidWriter& writer)
        : prepared_{prepared}, writer_{writer}, caches_{cache_sizes(prepared.options)},
          encoder_{writer.pyramid(), prepared.style, prepared.options.quality}, check_{prepared.source,
                                                                                       prepared.drawn_from},
          threads_{prepared.options.jobs > 0 ? prepared.options.jobs
                                             : std::max(1U, std::thread::hardware_concurrency())}
    {
    }

    /// The slab's files.
    std::vector<SlabChecksum> draw(SlabPlace const& place)
    {
        auto const& level = prepared_.source.levels[place.level];
        check_.check(level, slabs_around(place.slab, reach(prepared_.style)));
        auto const tiles = tiles_in(level, place.slab);
        if (tiles.empty())
            return {};
        FinishedSlab slab{place.level, place.slab, std::vector<EncodedTile>(tiles.size())};
        std::atomic<std::size_t> next{0};
        run_workers(std::min(threads_, static_cast<unsigned>(tiles.size())),
                    [&](std::atomic<bool> const& stopped) {
                        for (std::size_t i = next++; i < tiles.size() && !stopped; i = next++)
                            slab.tiles[i] = drawn(place.level, tiles[i]);
                    });
        return write_slab(writer_, slab, mask_of_whole_tile(prepared_.source.tile_shape(level)));
    }

private:
    static CacheSizes cache_sizes(StylingOptions const& options)
    {
        return {.tile_bytes = static_cast<std::size_t>(options.memory / 2), .map_bytes = 0};
    }

    CachedPyramid source() const { return {prepared_.source, 0}; }

    /// Those that are stored.
    std::vector<TileIndex> tiles_in(Level const& level, TileIndex slab)
    {
        std::vector<TileIndex> tiles;
        auto const opened = caches_.slabs.open(source().serial, prepared_.source, level, slab);
        auto const inside = intersect(level.tiles_of(slab), level.limits);
        for (auto row = inside.first.row; opened && row < inside.last.row; ++row)
            for (auto col = inside.first.col; col < inside.last.col; ++col)
                if (!opened->tile(level.within_slab({col, row})).empty())
                    tiles.push_back({col, row});
        return tiles;
    }

    EncodedTile drawn(std::size_t level, TileIndex tile)
    {
        return encoder_.encode(
            level, tile,
            picture_of_tile(source(), prepared_.style, prepared_.source.levels[level], tile, caches_));
    }

    PreparedStyling const& prepared_;
    PyramidWriter& writer_;
    Caches caches_;
    StyledTileEncoder encoder_;
    SlabCheck check_;
    unsigned threads_;
};

/// The slabs whose files a killed work has left as they should be: their files are taken over.
std::set<SlabPlace> slabs_done(PyramidWriter& writer)
{
    std::set<SlabPlace> done;
    for (auto const& journal : journals_in(writer.folder()))
        read_journal(journal, [&](PatchRecord const& record) {
            if (std::all_of(record.slabs.begin(), record.slabs.end(),
                            [&](SlabChecksum const& file) { return writer.adopt(file); }))
                done.insert({record.patch.quadtree, record.patch.place});
        });
    return done;
}

std::int64_t places_in(Pyramid const& pyramid, SlabPlace const& place)
{
    auto const& level = pyramid.levels[place.level];
    auto const tiles = intersect(level.tiles_of(place.slab), level.limits);
    return tiles.cols() * tiles.rows();
}

void draw_slabs(PreparedStyling const& prepared, PyramidWriter& writer, StylingProgress const& on_progress)
{
    auto const done = slabs_done(writer);
    Journal journal{writer.folder() / journal_prefix};
    SlabDrawer drawer{prepared, writer};
    std::int64_t passed = 0, total = 0;
    for (auto const& place : prepared.to_draw)
        total += places_in(prepared.source, place);
    try {
        for (auto const& place : prepared.to_draw) {
            if (!done.contains(place)) {
                journal.append(
                    {.patch = {place.level, place.slab}, .slabs = drawer.draw(place), .tiles = {}});
                writer.keep();
            }
            on_progress(passed += places_in(prepared.source, place), total);
        }
    } catch (Failure const& failure) {
        if (passed == 0)
            throw;
        fail("{} (what is done so far is kept: the same command goes on from there)", failure.what());
    }
}

/// Nobody publishes any more, as this process holds the lock: but somebody may have, before.
void check_unreplaced(PreparedStyling const& prepared)
{
    auto const& before = prepared.before;
    if (before && !is_named(prepared.options.store, before->name, before->revision))
        fail("{}: was drawn anew by another process meanwhile; run the command again", before->name);
}

std::vector<ChangedTile> list_changes(PyramidWriter const& writer, Pyramid const& before, ListIs wanted,
                                      StylingReport& report)
{
    auto after = writer.pyramid();
    after.folder = writer.folder();
    report.changed = changed_tiles(before, after, writer.files());
    return write_change_list(after.folder, before.folder, report.changed, wanted);
}

} // namespace

PreparedStyling prepare_styling(StylingOptions options, TileMatrixSetLibrary const& sets)
{
    check_name(options.name);
    PreparedStyling prepared{.options = std::move(options),
                             .source = {},
                             .drawn_from = {},
                             .style = {},
                             .target = {},
                             .recipe = {},
                             .before = {},
                             .to_draw = {},
                             .taken_over = {}};
    auto const& wanted = prepared.options;
    prepared.source = read_pyramid(wanted.descriptor, sets);
    check_shows_pixels(prepared.source);
    prepared.style = choose_style(wanted.style, fs::absolute(wanted.descriptor).parent_path() / "styles",
                                  wanted.water_level, prepared.source);
    prepared.target = pictures_of(prepared.source, prepared.style, wanted);
    auto const recipe = recipe_for(prepared);
    prepared.before = standing_revision(wanted, recipe);
    prepared.drawn_from = slab_files_of(prepared.source);
    prepared.recipe = to_text(recipe, prepared.drawn_from.fingerprint());
    if (prepared.before)
        prepared.target.revision = next_revision(wanted.store, wanted.name, prepared.before->revision);
    prepared.is_up_to_date =
        prepared.before && holds_text(prepared.before->folder / recipe_name, prepared.recipe);
    plan_drawing(prepared, recipe);
    if (prepared.to_draw.empty() && prepared.taken_over.empty())
        fail("{}: holds no tiles", wanted.descriptor.string());
    return prepared;
}

StylingReport style_pyramid(PreparedStyling const& prepared, StylingProgress const& on_progress)
{
    auto const& options = prepared.options;
    PyramidWriter writer{options.store, prepared.target, prepared.recipe};
    check_unreplaced(prepared);
    for (auto const& file : prepared.taken_over)
        writer.link(prepared.before->folder, file);
    draw_slabs(prepared, writer, on_progress);
    write_checksums(writer.folder() / drawn_from_name, prepared.drawn_from.files());
    StylingReport report;
    if (prepared.before)
        report.change_list = list_changes(writer, *prepared.before, options.change_list, report);
    auto const published = writer.publish(members_of(prepared));
    report.files = published.slabs;
    report.bytes = published.bytes;
    if (prepared.before) {
        remove_old_revisions(options.store, options.name, prepared.before->revision, prepared.target.revision,
                             options.keep);
        settle_change_list(prepared.before->folder);
    }
    report.published = read_pyramid(descriptor_file(options.store, options.name),
                                    TileMatrixSetLibrary{{options.store / "tilematrixsets"}});
    return report;
}

} // namespace ardoise
