// SPDX-License-Identifier: Apache-2.0
#include "server/services/legend_svg.hpp"

#include "server/render/legend_drawing.hpp"
#include "server/services/xml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

/// That which pixels are lettered with; Verdana is nearly as wide.
constexpr char const* font_family = "DejaVu Sans, Verdana, sans-serif";

/// RFC 4648, 4.
std::string base64_of(ByteView bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8 | (j < count ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= count ? digits[bits >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

std::string whole(std::int32_t number)
{
    return fmt::format("{}", number);
}

std::string hex(Colour colour)
{
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

std::string hex(PaletteColour const& colour)
{
    return hex(Colour{colour.red, colour.green, colour.blue});
}

std::string opacity(PaletteColour const& colour)
{
    return fmt::format("{:.4g}", colour.alpha / 255.0);
}

/// Of a picture in a drawing whose size is its reader's choice: parsers take no attribute of 10 MB (libxml2).
PictureSize pixels_of(PixelBox const& box)
{
    constexpr std::int32_t largest = 1024;
    auto const longer = std::max({box.width, box.height, largest});
    auto const scaled = [longer](std::int32_t side) {
        return std::max(1, static_cast<std::int32_t>(std::int64_t{side} * largest / longer));
    };
    return {scaled(box.width), scaled(box.height)};
}

/// Writes a drawing, mark by mark.
class SvgWriter {
public:
    SvgWriter(LegendDrawing const& drawing, Caches& caches) : drawing_{drawing}, caches_{caches} {}
    std::string document(LegendRequest const& legend);

    void operator()(Swatch const& swatch);
    void operator()(RampBlock const& ramp);
    void operator()(Stroke const& stroke) { fill(stroke.box, hex(frame_colour)); }
    void operator()(Line const& line);
    void operator()(SmallPicture const& small);

private:
    void fill(PixelBox box, std::string const& paint, std::string const& opacity = "1");
    void frame(PixelBox box);

    LegendDrawing const& drawing_;
    Caches& caches_;
    XmlWriter xml_;
    int ramps_ = 0;
};

std::string SvgWriter::document(LegendRequest const& legend)
{
    auto const [width, height] = drawing_.size;
    xml_.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                      {"xmlns:xlink", "http://www.w3.org/1999/xlink"},
                      {"version", "1.1"},
                      {"width", whole(width)},
                      {"height", whole(height)},
                      {"viewBox", fmt::format("0 0 {} {}", width, height)},
                      {"font-family", font_family},
                      {"font-size", fmt::format("{:.6g}", drawing_.lettering.em())}});
    if (legend.layers.size() == 1)
        xml_.element("title", legend.layers.front().style->title.in(code_of(legend.language)));
    if (!legend.transparent)
        fill({0, 0, width, height}, hex(legend.background));
    for (auto const& mark : drawing_.marks)
        std::visit(*this, mark);
    return xml_.finish();
}

void SvgWriter::operator()(Swatch const& swatch)
{
    fill(swatch.box, hex(swatch.colour), opacity(swatch.colour));
    frame(swatch.box);
}

void SvgWriter::operator()(RampBlock const& ramp)
{
    auto const id = fmt::format("ramp{}", ++ramps_);
    xml_.open("linearGradient", {{"id", id}, {"x1", "0"}, {"y1", "1"}, {"x2", "0"}, {"y2", "0"}});
    for (auto const& [place, colour] : ramp.stops)
        xml_.empty("stop", {{"offset", fmt::format("{:.6g}", place)},
                            {"stop-color", hex(colour)},
                            {"stop-opacity", opacity(colour)}});
    xml_.close();
    fill(ramp.box, fmt::format("url(#{})", id));
    frame(ramp.box);
}

void SvgWriter::operator()(Line const& line)
{
    xml_.element("text", line.text,
                 {{"x", whole(line.x)},
                  {"y", whole(line.y + drawing_.lettering.baseline())},
                  {"fill", hex(ink_colour)}});
}

void SvgWriter::operator()(SmallPicture const& small)
{
    auto const& box = small.box;
    auto const picture = small_picture(small.styled, pixels_of(box), caches_);
    xml_.empty("image", {{"x", whole(box.x)},
                         {"y", whole(box.y)},
                         {"width", whole(box.width)},
                         {"height", whole(box.height)},
                         {"xlink:href",
                          "data:image/png;base64," + base64_of(encode(picture.view(), PictureFormat::png))}});
}

void SvgWriter::fill(PixelBox box, std::string const& paint, std::string const& opacity)
{
    xml_.empty("rect", {{"x", whole(box.x)},
                        {"y", whole(box.y)},
                        {"width", whole(box.width)},
                        {"height", whole(box.height)},
                        {"fill", paint},
                        {"fill-opacity", opacity}});
}

/// A stroke lies on both sides of its line.
void SvgWriter::frame(PixelBox box)
{
    auto const thick = drawing_.frame;
    xml_.empty("rect", {{"x", fmt::format("{}", box.x + thick / 2.0)},
                        {"y", fmt::format("{}", box.y + thick / 2.0)},
                        {"width", whole(std::max(0, box.width - thick))},
                        {"height", whole(std::max(0, box.height - thick))},
                        {"fill", "none"},
                        {"stroke", hex(frame_colour)},
                        {"stroke-width", whole(thick)}});
}

} // namespace

Bytes legend_svg(LegendRequest const& legend, Caches& caches)
{
    auto const drawing = drawing_of(legend);
    auto const text = SvgWriter{drawing, caches}.document(legend);
    auto const bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

} // namespace ardoise
