// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/exporter.hpp"

#include "pyramid/archive/hilbert.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/store/slab.hpp"

#include <algorithm>
#include <bit>
#include <map>

namespace ardoise {

namespace {

/// The slabs of one level that were opened last; whole slabs are passed along the curve, so few are open.
class OpenSlabs {
public:
    explicit OpenSlabs(Level const& level) : level_{level} {}

    /// Null when there is no such file.
    Slab const* find(TileIndex slab)
    {
        if (auto const known = slabs_.find(slab); known != slabs_.end())
            return known->second ? &*known->second : nullptr;
        if (slabs_.size() >= most_open)
            slabs_.clear();
        std::optional<Slab> opened;
        auto const file = slab_file(level_, slab);
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored))
            opened.emplace(file, level_.tiles_per_width, level_.tiles_per_height);
        auto& kept = slabs_.try_emplace(slab, std::move(opened)).first->second;
        return kept ? &*kept : nullptr;
    }

private:
    static constexpr std::size_t most_open = 256;

    Level const& level_;
    std::map<TileIndex, std::optional<Slab>> slabs_;
};

/// Passes all stored tiles of a range along the Hilbert curve, without going where no slab is.
class CurveWalk {
public:
    using Visitor = std::function<void(TileIndex tile, ByteView bytes)>;
    /// Told how many places of the range were passed, whether they hold something or not.
    using Passed = std::function<void(std::int64_t places)>;

    CurveWalk(TileMatrix const& matrix, Level const& level, TileRange range, Visitor visitor, Passed passed)
        : level_{level}, range_{range}, slabs_{level}, visitor_{std::move(visitor)},
          passed_{std::move(passed)}, order_{static_cast<int>(std::bit_width(static_cast<std::uint64_t>(
                                          std::max(matrix.matrix_width, matrix.matrix_height) - 1)))}
    {
    }

    void run() { walk(0, 0); }

private:
    /// One of the 4^depth blocks that the matrix is cut into.
    void walk(int depth, std::uint64_t position)
    {
        std::int64_t const side = std::int64_t{1} << (order_ - depth);
        auto const corner = hilbert::tile_at(depth, position);
        TileIndex const first{corner.col * side, corner.row * side};
        auto const part = intersect(range_, TileRange{first, {first.col + side, first.row + side}});
        if (part.empty())
            return;
        auto const slab = level_.slab_of(part.first);
        bool const in_one_slab = slab == level_.slab_of({part.last.col - 1, part.last.row - 1});
        if (in_one_slab && !slabs_.find(slab)) {
            passed_(part.cols() * part.rows());
            return;
        }
        if (side > 1) {
            for (std::uint64_t quarter = 0; quarter < 4; ++quarter)
                walk(depth + 1, 4 * position + quarter);
            return;
        }
        if (auto const bytes = slabs_.find(slab)->tile(level_.within_slab(first)); !bytes.empty())
            visitor_(first, bytes);
        passed_(1);
    }

    Level const& level_;
    TileRange range_;
    OpenSlabs slabs_;
    Visitor visitor_;
    Passed passed_;
    int order_;
};

/// A level, and which of its tiles are wanted.
struct Part {
    Level const* level;
    TileRange range;
};

std::size_t place_of(Pyramid const& pyramid, std::string const& id, std::size_t otherwise)
{
    if (id.empty())
        return otherwise;
    auto const* level = pyramid.find_level(id);
    if (!level)
        fail("{} has no level \"{}\"; it has {} to {}", pyramid.name, id, pyramid.levels.front().id,
             pyramid.levels.back().id);
    return static_cast<std::size_t>(level - pyramid.levels.data());
}

/// In the CRS of the set. Coarse tiles reach far beyond the data: a box is beside it where it is beside the
/// finest.
std::optional<BoundingBox> wanted_ground(Pyramid const& pyramid, ExportOptions const& options)
{
    if (!options.box)
        return std::nullopt;
    auto const& own_crs = pyramid.set->crs;
    auto const crs = options.box_crs.value_or(own_crs);
    auto const ground = transform_between(crs, own_crs).apply(*options.box);
    if (!intersect(ground, pyramid.extent()).empty())
        return ground;
    auto const there = transform_between(own_crs, crs).apply(pyramid.extent());
    fail(
        "{} holds nothing in the box that is asked for: in {} it reaches from {:.8g},{:.8g} to {:.8g},{:.8g} "
        "(west,south to east,north)",
        pyramid.name, crs.name(), there.min_x, there.min_y, there.max_x, there.max_y);
}

std::vector<Part> parts_of(Pyramid const& pyramid, ExportOptions const& options,
                           std::optional<BoundingBox> const& ground)
{
    auto const top = place_of(pyramid, options.top, 0);
    auto const bottom = place_of(pyramid, options.bottom, pyramid.levels.size() - 1);
    if (top > bottom)
        fail("level {} is finer than level {}; name the coarser one first", options.top, options.bottom);
    std::vector<Part> parts;
    for (auto i = top; i <= bottom; ++i) {
        auto const& level = pyramid.levels[i];
        auto range = level.limits;
        if (ground)
            range = intersect(range, tiles_covering(pyramid.matrix(level), *ground));
        if (!range.empty())
            parts.push_back({&level, range});
    }
    return parts;
}

/// Of the finest tiles, cut to the box, in degrees.
BoundingBox bounds_of(Pyramid const& pyramid, Part const& finest, std::optional<BoundingBox> const& ground)
{
    auto box = extent(pyramid.matrix(*finest.level), finest.range);
    if (ground)
        box = intersect(box, *ground);
    return transform_between(pyramid.set->crs, Crs::from_definition("EPSG:4326")).apply(box);
}

} // namespace

ExportReport export_pyramid(Pyramid const& pyramid, ArchiveMetadata metadata, ExportOptions const& options,
                            std::function<void(std::int64_t done, std::int64_t total)> const& progress)
{
    auto const ground = wanted_ground(pyramid, options);
    auto const parts = parts_of(pyramid, options, ground);
    metadata.format = &pyramid.format;
    if (metadata.name.empty())
        metadata.name = pyramid.name;
    if (!metadata.bounds || ground)
        metadata.bounds = bounds_of(pyramid, parts.back(), ground);
    auto const writer = create_archive(options.archive, *pyramid.set, std::move(metadata), options.overwrite);
    ExportReport report;
    std::int64_t done = 0, total = 0;
    for (auto const& [level, range] : parts)
        total += range.cols() * range.rows();
    for (auto const& [level, range] : parts) {
        auto const copy = [&, matrix = level->matrix](TileIndex tile, ByteView bytes) {
            writer->add(matrix, tile, bytes);
            ++report.tiles;
            report.bytes += bytes.size();
        };
        auto const pass = [&](std::int64_t places) { progress(done += places, total); };
        CurveWalk{pyramid.matrix(*level), *level, range, copy, pass}.run();
    }
    if (report.tiles == 0)
        fail("{} has no tile stored there", pyramid.name);
    writer->publish();
    return report;
}

} // namespace ardoise
