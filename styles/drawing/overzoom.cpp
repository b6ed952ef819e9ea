// SPDX-License-Identifier: Apache-2.0
#include "styles/drawing/overzoom.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/nodata.hpp"
#include "pyramid/raster/resample.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>
#include <vector>

namespace ardoise {

namespace {

constexpr int quality_of_filled = 85;

/// Whether the last channel says how opaque a pixel is.
bool stores_alpha(Pyramid const& pyramid)
{
    return pyramid.format.type == SampleType::uint8 && pyramid.channels % 2 == 0 && pyramid.has_alpha;
}

/// How much of a pixel is data, and shows: 0 to 255.
std::uint8_t data_at(MaskedView seen, std::int32_t x, std::int32_t y, bool has_alpha)
{
    auto const channels = seen.pixels.shape.channels;
    auto const valid = seen.all_valid() ? std::uint8_t{255} : seen.validity.row(y)[x];
    if (!has_alpha)
        return valid;
    return std::min(valid, seen.pixels.row(y)[(x + 1) * channels - 1]);
}

bool shows_nothing(MaskedView seen, bool has_alpha)
{
    for (std::int32_t y = 0; y < seen.pixels.shape.height; ++y)
        for (std::int32_t x = 0; x < seen.pixels.shape.width; ++x)
            if (data_at(seen, x, y, has_alpha) > 0)
                return false;
    return true;
}

PixelBox join(PixelBox const& a, PixelBox const& b)
{
    if (a.width == 0)
        return b;
    auto const x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

/// The pixels of a level that share ground with a box, and so many around it; none beyond the pyramid.
LevelWindow window_around(BoundingBox const& ground, Pyramid const& pyramid, Level const& level,
                          std::int64_t margin)
{
    auto const& matrix = pyramid.matrix(level);
    auto const tiles = pyramid.tiles_of_extent(level);
    auto const first = [](double pixel) { return static_cast<std::int64_t>(std::floor(pixel + 1e-6)); };
    auto const last = [](double pixel) { return static_cast<std::int64_t>(std::ceil(pixel - 1e-6)); };
    auto const left = std::max(first((ground.min_x - matrix.origin_x) / matrix.cell_size) - margin,
                               tiles.first.col * matrix.tile_width);
    auto const top = std::max(first((matrix.origin_y - ground.max_y) / matrix.cell_size) - margin,
                              tiles.first.row * matrix.tile_height);
    auto const right = std::min(last((ground.max_x - matrix.origin_x) / matrix.cell_size) + margin,
                                tiles.last.col * matrix.tile_width);
    auto const bottom = std::min(last((matrix.origin_y - ground.min_y) / matrix.cell_size) + margin,
                                 tiles.last.row * matrix.tile_height);
    if (left >= right || top >= bottom)
        return {};
    return {left, top, static_cast<std::int32_t>(right - left), static_cast<std::int32_t>(bottom - top)};
}

/// filled_mosaic() of a level that stands below `wanted`, whose tiles say how coarse pixels may be: so the
/// same ones fill a tile whatever else is in the window.
MaskedRaster filled_below(CachedPyramid const& cached, Level const& level, Level const& wanted,
                          LevelWindow window, Caches& caches);

/// What lies below the pixels that a level shows in a window, and how it comes to show there.
class Filling {
public:
    Filling(CachedPyramid const& cached, Level const& level, Level const& wanted, LevelWindow window,
            Caches& caches)
        : pyramid_{cached.pyramid}, cached_{cached}, level_{level}, wanted_{wanted}, window_{window},
          caches_{caches}, has_alpha_{stores_alpha(cached.pyramid)}
    {
    }

    void fill(MaskedRaster& seen)
    {
        auto const parts = parts_to_fill(seen.view());
        PixelBox all;
        for (auto const& part : parts)
            all = join(all, part.box);
        auto const* below = parts.empty() ? nullptr : level_below(ground_of(all));
        if (!below)
            return;
        auto const scale = pyramid_.matrix(level_).cell_size / pyramid_.matrix(*below).cell_size;
        auto const margin = kernel_margin(map_resampling, scale) + 1;
        auto const around = window_around(ground_of(all), pyramid_, *below, margin);
        auto const there = filled_below(cached_, *below, wanted_, around, caches_);
        if (validity_of(there.view()) == Validity::none)
            return;
        bool const fits = tiles_fit_pixels(pyramid_.matrix(level_), pyramid_.matrix(*below));
        with_sample_type(seen.pixels.shape().type, [&](auto sample) {
            for (auto const& part : parts) {
                auto const under = on(*below, around, part.box);
                if (!shows_nothing(there.view().crop(pixels_under(under, part.box, there.view())),
                                   has_alpha_))
                    lay_under<decltype(sample)>(part.box, there.view(), under,
                                                part.is_stored || !fits ? 255 : 1, seen);
            }
        });
        if (validity_of(seen.view()) == Validity::full)
            seen.validity = {};
    }

private:
    /// Tiles that are not stored; of a partial level all that are not data throughout.
    std::vector<TilePart> parts_to_fill(MaskedView seen) const
    {
        auto parts = parts_under(cached_, level_, window_, caches_);
        bool const is_partial = pyramid_.is_partial(level_);
        std::erase_if(parts, [&](TilePart const& part) {
            auto const tile = seen.crop(part.box);
            bool const is_whole = !has_alpha_ && validity_of(tile) == Validity::full;
            return part.is_stored && (!is_partial || is_whole);
        });
        return parts;
    }

    BoundingBox ground_of(PixelBox const& box) const
    {
        auto const& matrix = pyramid_.matrix(level_);
        double const left = matrix.origin_x + static_cast<double>(window_.x + box.x) * matrix.cell_size,
                     top = matrix.origin_y - static_cast<double>(window_.y + box.y) * matrix.cell_size;
        return {left, top - box.height * matrix.cell_size, left + box.width * matrix.cell_size, top};
    }

    /// The next coarser level with a tile on that ground.
    Level const* level_below(BoundingBox const& ground) const
    {
        auto const* level = next_coarser(pyramid_, level_, wanted_);
        while (level && !has_tiles_on(ground, *level))
            level = next_coarser(pyramid_, *level, wanted_);
        return level;
    }

    bool has_tiles_on(BoundingBox const& ground, Level const& level) const
    {
        auto const window = window_around(ground, pyramid_, level, 0);
        if (window.width == 0)
            return false;
        auto const parts = parts_under(cached_, level, window, caches_);
        return std::any_of(parts.begin(), parts.end(), [](TilePart const& part) { return part.is_stored; });
    }

    /// A box of the window in pixels of another level's.
    SourceWindow on(Level const& other, LevelWindow around, PixelBox const& box) const
    {
        auto const& matrix = pyramid_.matrix(other);
        auto const ground = ground_of(box);
        return {(ground.min_x - matrix.origin_x) / matrix.cell_size - static_cast<double>(around.x),
                (matrix.origin_y - ground.max_y) / matrix.cell_size - static_cast<double>(around.y),
                ground.width() / matrix.cell_size, ground.height() / matrix.cell_size};
    }

    /// A pixel that a kernel reaches from the edge of the data is none: only what lies in a pixel with data
    /// is filled, and only where as much as `least` is data. That is all of it where data of the level itself
    /// may share the pixel below, whose edge would grow else; it is laid over what is below by its shares.
    template <typename Sample>
    void lay_under(PixelBox const& part, MaskedView below, SourceWindow const& under, int least,
                   MaskedRaster& seen) const
    {
        auto const& [left, top, width, height] = part;
        auto const enlarged = resample(below, under, width, height, resampling_of(pyramid_));
        auto const channels = seen.pixels.shape().channels;
        auto const colours = has_alpha_ ? channels - 1 : channels;
        for (std::int32_t y = 0; y < height; ++y) {
            auto const row = pixel_at(under.y, under.height, y, height, below.pixels.shape.height);
            for (std::int32_t x = 0; x < width; ++x) {
                auto const share = data_at(seen.view(), left + x, top + y, has_alpha_);
                auto const col = pixel_at(under.x, under.width, x, width, below.pixels.shape.width);
                if (share == 255 || data_at(enlarged.view(), x, y, has_alpha_) < least ||
                    data_at(below, col, row, has_alpha_) == 0)
                    continue;
                lay_under(enlarged.pixels.row<Sample>(y) + x * channels, share,
                          seen.pixels.row<Sample>(top + y) + (left + x) * channels, channels, colours);
                if (!seen.validity.empty())
                    seen.validity.row(top + y)[left + x] =
                        enlarged.view().all_valid() ? std::uint8_t{255} : enlarged.validity.row(y)[x];
            }
        }
    }

    /// The pixels of `below` in which those of a part lie: where none of them is data, nothing is laid.
    static PixelBox pixels_under(SourceWindow const& under, PixelBox const& part, MaskedView below)
    {
        auto const& shape = below.pixels.shape;
        auto const left = pixel_at(under.x, under.width, 0, part.width, shape.width),
                   top = pixel_at(under.y, under.height, 0, part.height, shape.height),
                   right = pixel_at(under.x, under.width, part.width - 1, part.width, shape.width),
                   bottom = pixel_at(under.y, under.height, part.height - 1, part.height, shape.height);
        return {left, top, right - left + 1, bottom - top + 1};
    }

    /// The pixel of `size` under the middle of one of `count` that are spread over a length.
    static std::int32_t pixel_at(double from, double length, std::int32_t i, std::int32_t count,
                                 std::int32_t size)
    {
        return std::clamp(static_cast<std::int32_t>(std::floor(from + (i + 0.5) * length / count)), 0,
                          size - 1);
    }

    /// Of the channels the first `colours` are mixed; alpha, if there is one, is that below, where all is
    /// data.
    template <typename Sample>
    static void lay_under(Sample const* below, std::uint8_t share, Sample* pixel, std::int32_t channels,
                          std::int32_t colours)
    {
        auto const mixed = share == 0 ? 0 : colours; // what is no data may be no number
        for (std::int32_t c = 0; c < mixed; ++c) {
            auto const over = static_cast<double>(pixel[c]), under = static_cast<double>(below[c]);
            auto const sum = (over * share + under * (255 - share)) / 255;
            pixel[c] = static_cast<Sample>(std::is_integral_v<Sample> ? sum + 0.5 : sum);
        }
        std::copy(below + mixed, below + channels, pixel + mixed);
    }

    Pyramid const& pyramid_;
    CachedPyramid const cached_;
    Level const& level_;
    Level const& wanted_;
    LevelWindow window_;
    Caches& caches_;
    bool has_alpha_;
};

MaskedRaster filled_below(CachedPyramid const& cached, Level const& level, Level const& wanted,
                          LevelWindow window, Caches& caches)
{
    auto seen = mosaic(cached, level, window, caches);
    bool const may_be_unseen = stores_alpha(cached.pyramid) && cached.pyramid.is_partial(level);
    if (!seen.view().all_valid() || may_be_unseen)
        Filling{cached, level, wanted, window, caches}.fill(seen);
    return seen;
}

} // namespace

MaskedRaster filled_mosaic(CachedPyramid const& cached, Level const& level, LevelWindow window,
                           Caches& caches)
{
    return filled_below(cached, level, level, window, caches);
}

Level const* next_coarser(Pyramid const& pyramid, Level const& level, Level const& wanted)
{
    if (&level == &pyramid.levels.front())
        return nullptr;
    auto const& coarser = *(&level - 1);
    auto const& lacking = pyramid.matrix(wanted);
    auto const tile = lacking.cell_size * std::min(lacking.tile_width, lacking.tile_height);
    return pyramid.matrix(coarser).cell_size <= tile * (1 + 1e-9) ? &coarser : nullptr;
}

bool tiles_fit_pixels(TileMatrix const& fine, TileMatrix const& coarse)
{
    auto const is_whole = [&](double length) {
        return std::abs(length / coarse.cell_size - std::round(length / coarse.cell_size)) < 1e-4;
    };
    return is_whole(fine.origin_x - coarse.origin_x) && is_whole(fine.origin_y - coarse.origin_y) &&
           is_whole(fine.cell_size * fine.tile_width) && is_whole(fine.cell_size * fine.tile_height);
}

std::shared_ptr<Bytes const> fill_tile(CachedPyramid const& cached, Level const& level, TileIndex tile,
                                       Caches& caches)
{
    auto const shape = cached.pyramid.tile_shape(level);
    auto seen = filled_mosaic(
        cached, level, {tile.col * shape.width, tile.row * shape.height, shape.width, shape.height}, caches);
    if (shows_nothing(seen.view(), stores_alpha(cached.pyramid)))
        return nullptr;
    return std::make_shared<Bytes const>(encode_as_stored(std::move(seen), cached.pyramid));
}

Bytes encode_as_stored(MaskedRaster values, Pyramid const& pyramid)
{
    auto const pixels = with_nodata(std::move(values), pyramid.nodata);
    auto bytes = encode_tile(pixels.view(), pyramid.format, quality_of_filled);
    auto wrapped = wrap_for_client(bytes, pyramid.format, pixels.shape());
    return wrapped ? *std::move(wrapped) : std::move(bytes);
}

} // namespace ardoise
