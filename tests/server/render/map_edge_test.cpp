// SPDX-License-Identifier: Apache-2.0
// Maps whose corner lies where the data ends, in a system that is turned against the layer's: kernels, fast
// roads and their margins meet there. Held against plain arithmetic in double precision.
#include "server/render/map.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace ardoise;

namespace {

constexpr TileRange tiles_of_data{{33'500, 413'000}, {33'502, 413'002}}; // of 256 px, 5 cm each

struct Point {
    double x = 0, y = 0;
};

Point carried(Crs const& from, Crs const& to, Point point)
{
    transform_between(from, to).apply({&point.x, 1}, {&point.y, 1});
    return point;
}

/// A layer of noise, one level, and its pixels as they are stored, side by side.
class NoiseLayer {
public:
    NoiseLayer(std::string const& format, int channels)
    {
        test::PaintedPyramid wanted;
        wanted.set = "2154_5cm";
        wanted.format = format;
        wanted.top = wanted.bottom = "22";
        wanted.bottom_tiles = tiles_of_data;
        wanted.channels = channels;
        wanted.grained = true;
        layer_ = make_layer(test::paint_pyramid(folder_.path(), wanted), {}, {}, {}, nullptr);
        auto const shape = layer_->pyramid.tile_shape(level());
        pixels_ = Raster{{2 * shape.width, 2 * shape.height, shape.channels, shape.type}};
        for (auto row = tiles_of_data.first.row; row < tiles_of_data.last.row; ++row)
            for (auto col = tiles_of_data.first.col; col < tiles_of_data.last.col; ++col)
                place({col, row}, shape);
    }

    std::shared_ptr<Layer const> const& layer() const { return layer_; }
    Level const& level() const { return layer_->pyramid.finest(); }
    TileMatrix const& matrix() const { return layer_->pyramid.matrix(level()); }
    BoundingBox ground() const { return extent(matrix(), tiles_of_data); }
    std::int32_t cols() const { return pixels_.shape().width; }
    std::int32_t rows() const { return pixels_.shape().height; }

    /// A sample as a map without a style shows it: the upper 8 bits of 16.
    double shown(std::int32_t x, std::int32_t y, std::int32_t channel) const
    {
        auto const at = x * pixels_.shape().channels + channel;
        switch (pixels_.shape().type) {
        case SampleType::uint8:
            return pixels_.row<std::uint8_t>(y)[at];
        case SampleType::uint16:
            return pixels_.row<std::uint16_t>(y)[at] / 256.0;
        case SampleType::float32:
            break;
        }
        return static_cast<double>(pixels_.row<float>(y)[at]);
    }

private:
    void place(TileIndex tile, RasterShape const& shape)
    {
        auto const& pyramid = layer_->pyramid;
        Slab const slab{slab_file(level(), level().slab_of(tile)), level().tiles_per_width,
                        level().tiles_per_height};
        auto const decoded = decode_tile(slab.tile(level().within_slab(tile)), pyramid.format, shape);
        paste(decoded.view(), pixels_,
              static_cast<std::int32_t>(tile.col - tiles_of_data.first.col) * shape.width,
              static_cast<std::int32_t>(tile.row - tiles_of_data.first.row) * shape.height);
    }

    test::TemporaryFolder folder_;
    std::shared_ptr<Layer const> layer_;
    Raster pixels_;
};

enum class Corner { upper_left, upper_right, lower_left, lower_right };

/// A box of Web Mercator whose pixels are as large as the layer's, and whose `corner` lies `inside` pixels
/// from both edges of the data that meet there (outside where it is negative).
MapFrame frame_at(NoiseLayer const& noise, Corner corner, double inside, RasterShape size)
{
    auto const own = noise.layer()->pyramid.set->crs, mercator = Crs::from_definition("EPSG:3857");
    auto const ground = noise.ground();
    double const cell = noise.matrix().cell_size, far = inside * cell;
    bool const left = corner == Corner::upper_left || corner == Corner::lower_left;
    bool const upper = corner == Corner::upper_left || corner == Corner::upper_right;
    Point const at{left ? ground.min_x + far : ground.max_x - far,
                   upper ? ground.max_y - far : ground.min_y + far};
    auto const here = carried(own, mercator, at), there = carried(own, mercator, {at.x + 100, at.y});
    double const pixel = std::hypot(there.x - here.x, there.y - here.y) / 100 * cell;
    double const across = pixel * size.width, down = pixel * size.height;
    double const x = left ? here.x : here.x - across, y = upper ? here.y - down : here.y;
    return {mercator, {x, y, x + across, y + down}, size.width, size.height};
}

struct Expected {
    double share = 0;            // of the kernel that is data
    std::vector<double> samples; // the mean of that
};

/// The two pixels on an axis that are nearest to a point, and what share each has.
struct Pair {
    std::int32_t first;
    double second_share;
};

Pair pair_at(double point)
{
    double const floor = std::floor(point - 0.5);
    return {static_cast<std::int32_t>(floor), point - 0.5 - floor};
}

Expected expected_at(NoiseLayer const& noise, MapFrame const& frame, std::int32_t col, std::int32_t row,
                     std::int32_t channels)
{
    auto const& matrix = noise.matrix();
    Point const on_map{frame.box.min_x + (col + 0.5) * frame.box.width() / frame.width,
                       frame.box.max_y - (row + 0.5) * frame.box.height() / frame.height};
    auto const at = carried(frame.crs, noise.layer()->pyramid.set->crs, on_map);
    auto const across = pair_at((at.x - noise.ground().min_x) / matrix.cell_size),
               down = pair_at((noise.ground().max_y - at.y) / matrix.cell_size);
    Expected expected{0, std::vector<double>(static_cast<std::size_t>(channels))};
    for (std::int32_t j = 0; j < 2; ++j)
        for (std::int32_t i = 0; i < 2; ++i) {
            auto const x = across.first + i, y = down.first + j;
            if (x < 0 || y < 0 || x >= noise.cols() || y >= noise.rows())
                continue;
            double const weight = (i == 0 ? 1 - across.second_share : across.second_share) *
                                  (j == 0 ? 1 - down.second_share : down.second_share);
            expected.share += weight;
            for (std::int32_t c = 0; c < channels; ++c)
                expected.samples[static_cast<std::size_t>(c)] += weight * noise.shown(x, y, c);
        }
    for (auto& sample : expected.samples)
        sample /= std::max(expected.share, 1e-9);
    return expected;
}

/// The largest differences from what is expected, in steps of 8 bits, and how much of the map is data.
struct Comparison {
    double samples = 0, validity = 0, data = 0;
};

Comparison compare(NoiseLayer const& noise, MapFrame const& frame)
{
    Caches caches;
    auto const seen =
        render_layer({noise.layer(), noise.layer()->find_style(normal_style().identifier)}, frame, caches);
    auto const channels = seen.pixels.shape().channels;
    Comparison worst;
    for (std::int32_t row = 0; row < frame.height; ++row)
        for (std::int32_t col = 0; col < frame.width; ++col) {
            auto const expected = expected_at(noise, frame, col, row, channels);
            double const valid = seen.validity.empty() ? 255 : seen.validity.row(row)[col];
            worst.data += valid / 255 / (frame.width * frame.height);
            worst.validity = std::max(worst.validity, std::abs(valid - 255 * expected.share));
            for (std::int32_t c = 0; valid > 0 && c < channels; ++c)
                worst.samples =
                    std::max(worst.samples, std::abs(seen.pixels.row(row)[col * channels + c] -
                                                     expected.samples[static_cast<std::size_t>(c)]));
        }
    return worst;
}

constexpr Corner corners[]{Corner::upper_left, Corner::upper_right, Corner::lower_left, Corner::lower_right};

} // namespace

TEST_CASE("a map whose corner lies near that of the data shows it as plain arithmetic does")
{
    struct Kind {
        std::string format;
        int channels;
    };
    for (auto const& [format, channels] : std::vector<Kind>{{"TIFF_PNG_UINT8", 1},
                                                            {"TIFF_PNG_UINT8", 3},
                                                            {"TIFF_PNG_UINT8", 4},
                                                            {"TIFF_ZIP_UINT16", 1},
                                                            {"TIFF_ZIP_UINT16", 3},
                                                            {"TIFF_ZIP_FLOAT32", 1}}) {
        NoiseLayer const noise{format, channels};
        for (auto const corner : corners)
            for (double const inside : {1.5, -1.5, 1.4, 1.6, 0.5, 0.0, -0.5, 4.0})
                for (auto const& size : {RasterShape{44, 36}, {3, 2}}) {
                    INFO(format << ", " << channels << " channels, corner " << static_cast<int>(corner)
                                << ", " << inside << " px inside, " << size.width << " px wide");
                    auto const worst = compare(noise, frame_at(noise, corner, inside, size));
                    CHECK(worst.samples <= 1);  // halves are rounded, and 16 bits cut
                    CHECK(worst.validity <= 1); // of 255
                    CHECK(worst.data > 0.1);    // the test looks at something
                }
    }
}
