// SPDX-License-Identifier: Apache-2.0
#include "server/render/legend.hpp"

#include "server/render/legend_drawing.hpp"
#include "styles/drawing/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

/// Changes whenever the same request draws another picture.
constexpr int legend_version = 2;

/// Makes pixels of a drawing, mark by mark.
class Painter {
public:
    Painter(LegendDrawing const& drawing, Caches& caches)
        : drawing_{drawing}, caches_{caches}, colours_{{drawing.size.width, drawing.size.height, 4,
                                                        SampleType::uint8}},
          ink_{{drawing.size.width, drawing.size.height, 1, SampleType::uint8}}
    {
        for (auto const& mark : drawing.marks)
            std::visit(*this, mark);
    }
    Raster picture(bool transparent, Colour background) const;

    void operator()(Swatch const& swatch);
    void operator()(RampBlock const& ramp);
    void operator()(Stroke const& stroke) { fill(stroke.box, frame_paint); }
    void operator()(Line const& line) { drawing_.lettering.write(line.text, line.x, line.y, ink_); }
    void operator()(SmallPicture const& small);

private:
    static constexpr PaletteColour frame_paint{0, frame_colour.red, frame_colour.green, frame_colour.blue,
                                               255};
    void fill(PixelBox box, PaletteColour const& colour);
    void frame(PixelBox box);

    LegendDrawing const& drawing_;
    Caches& caches_;
    Raster colours_, ink_;
};

Raster Painter::picture(bool transparent, Colour background) const
{
    Canvas canvas{drawing_.size.width, drawing_.size.height};
    canvas.lay({colours_.view(), {}});
    canvas.lay(ink_colour, ink_.view());
    return canvas.picture(transparent, background);
}

void Painter::operator()(Swatch const& swatch)
{
    fill(swatch.box, swatch.colour);
    frame(swatch.box);
}

void Painter::operator()(RampBlock const& ramp)
{
    auto const& box = ramp.box;
    for (std::int32_t row = 0; row < box.height; ++row)
        fill({box.x, box.y + row, box.width, 1}, colour_at(ramp.stops, 1 - (row + 0.5) / box.height));
    frame(box);
}

void Painter::operator()(SmallPicture const& small)
{
    auto const& box = small.box;
    paste(small_picture(small.styled, {box.width, box.height}, caches_).view(), colours_, box.x, box.y);
}

void Painter::fill(PixelBox box, PaletteColour const& colour)
{
    for (auto y = box.y; y < box.y + box.height; ++y) {
        auto* to = colours_.row(y) + std::ptrdiff_t{box.x} * 4;
        for (std::int32_t x = 0; x < box.width; ++x, to += 4)
            std::copy_n(std::array{colour.red, colour.green, colour.blue, colour.alpha}.begin(), 4, to);
    }
}

void Painter::frame(PixelBox box)
{
    auto const thick = std::min({drawing_.frame, box.width, box.height});
    fill({box.x, box.y, box.width, thick}, frame_paint);
    fill({box.x, box.y + box.height - thick, box.width, thick}, frame_paint);
    fill({box.x, box.y, thick, box.height}, frame_paint);
    fill({box.x + box.width - thick, box.y, thick, box.height}, frame_paint);
}

std::string key_of(LegendRequest const& legend)
{
    auto key = facts_of(legend);
    for (auto const& styled : legend.layers)
        key += fmt::format(" {}", styled.layer->serial);
    return key;
}

} // namespace

PictureSize size_of(LegendRequest const& legend)
{
    return drawing_of(legend).size;
}

std::string facts_of(LegendRequest const& legend)
{
    auto const& [red, green, blue] = legend.background;
    auto facts =
        fmt::format("legend {} {} {} {}x{} {} {} {}-{}-{}", legend_version, static_cast<int>(legend.language),
                    legend.scale, legend.swatch_width.value_or(0), legend.swatch_height.value_or(0),
                    media_type(legend.format), legend.transparent, red, green, blue);
    for (auto const& styled : legend.layers)
        facts += fmt::format(" {} {} {} {}", rendering_facts(styled), styled.layer->title(),
                             styled.layer->unit(), styled.style->title.in(code_of(legend.language)));
    return facts;
}

std::shared_ptr<Bytes const> render_legend(LegendRequest const& legend, Caches& caches)
{
    auto const key = key_of(legend);
    auto const draw = [&] {
        auto const drawing = drawing_of(legend);
        auto const picture = Painter{drawing, caches}.picture(legend.transparent && has_alpha(legend.format),
                                                              legend.background);
        return std::make_shared<Bytes const>(encode(picture.view(), legend.format));
    };
    return caches.maps.get(key, draw,
                           [&](auto const& picture) { return picture->size() + bytes_beside(key); });
}

Raster small_picture(StyledLayer const& styled, PictureSize size, Caches& caches)
{
    auto const& pyramid = styled.layer->pyramid;
    MapRequest const map{.layers = {styled},
                         .crs = pyramid.set->crs,
                         .box = pyramid.extent(),
                         .width = size.width,
                         .height = size.height,
                         .format = PictureFormat::png,
                         .transparent = true,
                         .background = {}};
    Canvas small{size.width, size.height};
    if (is_affordable(map))
        small.lay(render_layer(styled, map.frame(), caches).view());
    Raster picture{small.pixels().shape};
    paste(small.pixels(), picture, 0, 0);
    return picture;
}

} // namespace ardoise
