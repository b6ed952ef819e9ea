// SPDX-License-Identifier: Apache-2.0
#include "styles/contours.hpp"

#include "pyramid/raster/lay_pixel.hpp"
#include "styles/gradients.hpp"

#include <algorithm>
#include <utility>

namespace ardoise {

namespace {

/// Grey, or grey and alpha, in red, green and blue.
Raster coloured_grey(RasterView grey)
{
    auto const channels = grey.shape.channels;
    auto made = Raster::unwritten({grey.shape.width, grey.shape.height, channels + 2, SampleType::uint8});
    for (std::int32_t y = 0; y < grey.shape.height; ++y) {
        auto const* from = grey.row(y);
        auto* to = made.row(y);
        for (std::int32_t x = 0; x < grey.shape.width; ++x, from += channels)
            to = std::copy_n(from + 1, channels - 1, std::fill_n(to, 3, *from));
    }
    return made;
}

/// Of lines that are `width` pixels wide.
LineSet lines_of(Contours const& contours, double interval, double width)
{
    return {static_cast<float>(contours.base), static_cast<float>(interval), static_cast<float>(width)};
}

} // namespace

Raster contour_cover(Contours const& contours, MaskedView heights, Ground const& ground)
{
    Ground const in_pixels{.margin = ground.margin, .rows = {}};
    Gradients gradients{heights, in_pixels, GradientMethod::zevenbergen_thorne, contours.nodata};
    Raster cover{gradients.shape()};
    auto const all = lines_of(contours, contours.interval, contours.width);
    auto const index_lines =
        lines_of(contours, contours.interval * static_cast<double>(contours.index), 2 * contours.width);
    for (std::int32_t y = 0; y < cover.shape().height; ++y) {
        gradients.go_to(y);
        std::span const row{cover.row(y), static_cast<std::size_t>(cover.shape().width)};
        cover_lines(this_processor(), all, gradients.heights(), gradients.row(), row);
        if (contours.index > 0)
            cover_lines(this_processor(), index_lines, gradients.heights(), gradients.row(), row);
    }
    return cover;
}

Raster with_lines(Contours const& contours, RasterView cover, Raster picture)
{
    if (picture.shape().channels < 3)
        picture = coloured_grey(picture.view());
    auto const& shape = picture.shape();
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* covered = cover.row(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, to += shape.channels) {
            auto const alpha = rounded_ratio(unsigned{contours.colour[3]} * covered[x], 255);
            if (shape.channels == 4)
                lay_pixel(contours.colour, alpha, to);
            else
                lay_on_opaque(contours.colour, alpha, to);
        }
    }
    return picture;
}

} // namespace ardoise
