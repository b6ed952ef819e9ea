// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/build_facts.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/report/footprints.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <algorithm>

namespace ardoise {

namespace {

constexpr std::size_t most_windows = 16;

/// A few of many tiles, evenly spread over the order in which they come, without keeping all of them.
class SpreadOfTiles {
public:
    void add(TileIndex tile)
    {
        if (seen_++ % step_ != 0)
            return;
        kept_.push_back(tile);
        if (kept_.size() < 2 * most_windows)
            return;
        for (std::size_t i = 0; i < most_windows; ++i)
            kept_[i] = kept_[2 * i];
        kept_.resize(most_windows);
        step_ *= 2;
    }
    std::vector<TileIndex> tiles() const
    {
        auto const count = std::min(kept_.size(), most_windows);
        std::vector<TileIndex> chosen;
        for (std::size_t i = 0; i < count; ++i)
            chosen.push_back(kept_[i * kept_.size() / count]);
        return chosen;
    }

private:
    std::vector<TileIndex> kept_;
    std::size_t seen_ = 0, step_ = 1;
};

/// Goes through slab files, each opened once and closed again.
class Census {
public:
    Census(Pyramid const& pyramid, BuildFacts& facts) : pyramid_{pyramid}, facts_{facts} {}

    void count(SlabChecksum const& file)
    {
        auto const name = parse_slab_name(file.slab);
        auto const* level = name ? pyramid_.find_level(name->level) : nullptr;
        if (!level)
            return;
        auto const number = static_cast<std::size_t>(level - pyramid_.levels.data());
        facts_.levels[number].bytes += file.bytes;
        bool const is_base = level == &pyramid_.finest();
        if (name->kind == slab_kind::data)
            for_each_tile(*level, *name, file, [&](TileIndex tile, ByteView bytes) {
                count_tile(facts_.levels[number], bytes);
                if (is_base) {
                    facts_.data_pixels += pixels_of_tile();
                    spread_.add(tile);
                }
            });
        if (name->kind == slab_kind::data)
            ++facts_.levels[number].slabs;
        if (is_base && name->kind == slab_kind::mask)
            for_each_tile(*level, *name, file,
                          [&](TileIndex, ByteView mask) { facts_.data_pixels -= empty_pixels(mask); });
    }
    std::vector<TileIndex> windows() const { return spread_.tiles(); }

private:
    template <typename OnTile>
    void for_each_tile(Level const& level, SlabName const& name, SlabChecksum const& file,
                       OnTile const& on_tile) const
    {
        Slab const slab{pyramid_.folder / file.slab, level.tiles_per_width, level.tiles_per_height};
        for (std::int64_t row = 0; row < level.tiles_per_height; ++row)
            for (std::int64_t col = 0; col < level.tiles_per_width; ++col)
                if (auto const bytes = slab.tile({col, row}); !bytes.empty())
                    on_tile({name.slab.col * level.tiles_per_width + col,
                             name.slab.row * level.tiles_per_height + row},
                            bytes);
    }

    static void count_tile(LevelFacts& level, ByteView bytes)
    {
        ++level.tiles;
        level.tile_bytes += bytes.size();
        level.largest_tile = std::max<std::uint64_t>(level.largest_tile, bytes.size());
    }

    RasterShape shape() const { return pyramid_.tile_shape(pyramid_.finest()); }
    std::int64_t pixels_of_tile() const { return std::int64_t{shape().width} * shape().height; }
    std::int64_t empty_pixels(ByteView mask) const
    {
        auto const validity = decode_mask(mask, shape());
        return std::count(validity.bytes().begin(), validity.bytes().end(), std::byte{0});
    }

    Pyramid const& pyramid_;
    BuildFacts& facts_;
    SpreadOfTiles spread_;
};

} // namespace

std::size_t BuildFacts::slabs() const
{
    std::size_t sum = 0;
    for (auto const& level : levels)
        sum += level.slabs;
    return sum;
}

std::uint64_t BuildFacts::bytes() const
{
    std::uint64_t sum = 0;
    for (auto const& level : levels)
        sum += level.bytes;
    return sum;
}

double BuildFacts::holes() const
{
    // A kernel reaches a little beyond the sources: that is no less than no hole.
    return std::max(0.0, 1 - static_cast<double>(data_pixels) / delivered_pixels);
}

BuildFacts gather_facts(StandingPyramid const& stored, std::vector<SlabChecksum> const& files,
                        PreparedBuild const& prepared, Product const& product,
                        std::optional<BakeEffort> effort)
{
    BuildFacts facts;
    facts.pyramid = stored.pyramid();
    facts.product = product;
    facts.effort = effort;
    for (auto const& level : facts.pyramid.levels) {
        auto& counted = facts.levels.emplace_back();
        counted.id = level.id;
        counted.cell_size = facts.pyramid.matrix(level).cell_size;
    }
    auto const& base = facts.pyramid.matrix(facts.pyramid.finest());
    facts.delivered_pixels = delivered_area(prepared) / (base.cell_size * base.cell_size);

    Census census{stored.pyramid(), facts};
    for (auto const& file : files)
        census.count(file);
    try {
        facts.sharpness = measure_sharpness(stored, prepared, product, census.windows());
        if (!facts.sharpness)
            facts.no_sharpness = "no tile holds data";
    } catch (Failure const& failure) {
        facts.no_sharpness = failure.what();
    }
    return facts;
}

Json quality_json(BuildFacts const& facts)
{
    auto json = Json::object({{"name", facts.pyramid.name}, {"holes", facts.holes()}});
    if (auto const& sharpness = facts.sharpness) {
        json.set("windows", static_cast<std::int64_t>(sharpness->windows));
        json.set("psnr_db", sharpness->identical() ? Json{} : Json{sharpness->psnr});
        json.set("gradient", sharpness->gradient);
        json.set("source_gradient", sharpness->source_gradient);
    }
    return json;
}

} // namespace ardoise
