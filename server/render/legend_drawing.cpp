// SPDX-License-Identifier: Apache-2.0
#include "server/render/legend_drawing.hpp"

#include "server/render/legend_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// Classes of a layer and lines of a text that a legend has at most: of more it says that there are some.
constexpr std::size_t most_classes = 64, most_lines = 3;
/// Of a text that are laid out: more than those lines hold.
constexpr std::size_t most_bytes = 1024;
/// Pixels at scale 1.
constexpr double em = 12, margin = 4, gap = 2, tick_length = 4, picture_box = 96, widest_text = 320;
constexpr std::int32_t default_swatch_width = 24, default_swatch_height = 16;
/// Of a ramp: swatches; and lines of text, so that there is room for two ticks at the least.
constexpr std::int32_t ramp_swatches = 10, least_ramp_lines = 8, most_ramp_height = 1024;
/// From one tick to the next.
constexpr double lines_between_ticks = 1.3;

/// The largest size of the layer's proportions in the box.
PictureSize fitted(Layer const& layer, double width, double height)
{
    auto const ground = layer.pyramid.extent();
    double const scale = std::min(width / ground.width(), height / ground.height());
    auto const side = [scale](double length) {
        return std::max(1, static_cast<int>(std::lround(length * scale)));
    };
    return {side(ground.width()), side(ground.height())};
}

/// Whole characters of UTF-8, as many as have room.
std::string_view beginning_of(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    return text.substr(0, bytes);
}

/// From the top down.
class Layout {
public:
    explicit Layout(LegendRequest const& legend)
        : legend_{legend}, drawing_{.size = {},
                                    .frame = scaled(1),
                                    .lettering = Lettering{em * legend.scale},
                                    .marks = {}}
    {
    }
    LegendDrawing drawn();

private:
    void add_layer(StyledLayer const& styled);
    void add_ramp(Ramp const& ramp);
    void add_classes(std::vector<LegendClass> const& classes);
    void add_class(LegendClass const& entry);
    void add_picture(StyledLayer const& styled);
    /// Below one another; the height that they take.
    std::int32_t add_lines(std::vector<std::string> const& lines, std::int32_t x, std::int32_t y);
    std::vector<std::string> lines_of(std::string_view text) const;
    void widen_to(std::int32_t x) { drawing_.size.width = std::max(drawing_.size.width, x); }

    std::int32_t scaled(double pixels) const
    {
        return std::max(1, static_cast<std::int32_t>(std::lround(pixels * legend_.scale)));
    }
    std::int32_t swatch_width() const { return scaled(legend_.swatch_width.value_or(default_swatch_width)); }
    std::int32_t swatch_height() const
    {
        return std::max(scaled(legend_.swatch_height.value_or(default_swatch_height)), line_height());
    }
    std::int32_t ramp_height() const
    {
        auto const swatches = ramp_swatches * legend_.swatch_height.value_or(default_swatch_height);
        return std::max(scaled(std::min(swatches, most_ramp_height)), least_ramp_lines * line_height());
    }
    std::int32_t line_height() const { return drawing_.lettering.line_height(); }

    LegendRequest const& legend_;
    LegendDrawing drawing_;
    std::int32_t x_ = 0, y_ = 0;
};

/// A lone picture fills all of it; anything else has a margin around it.
LegendDrawing Layout::drawn()
{
    auto const& layers = legend_.layers;
    if (layers.size() == 1 && legend_key(layers.front(), legend_.language).is_picture()) {
        add_picture(layers.front());
    } else {
        x_ = y_ = scaled(margin);
        for (auto const& styled : layers) {
            add_layer(styled);
            y_ += scaled(margin);
        }
        drawing_.size.width += scaled(margin);
    }
    drawing_.size.height = y_;
    return std::move(drawing_);
}

void Layout::add_layer(StyledLayer const& styled)
{
    if (legend_.layers.size() > 1)
        y_ += add_lines(lines_of(styled.layer->title()), x_, y_);
    auto const key = legend_key(styled, legend_.language);
    if (key.is_picture())
        return add_picture(styled);
    if (key.ramp)
        add_ramp(*key.ramp);
    add_classes(key.classes);
}

/// Half a line above it and below, as labels stand beside its very ends.
void Layout::add_ramp(Ramp const& ramp)
{
    auto const high = ramp_height(), half_line = line_height() / 2;
    PixelBox const box{x_, y_ + half_line, swatch_width(), high};
    drawing_.marks.emplace_back(RampBlock{box, stops_of(ramp)});
    auto const most_ticks = static_cast<int>(high / (lines_between_ticks * line_height()));
    for (auto const& [place, label] : ticks_of(ramp, most_ticks, legend_.language)) {
        auto const y = box.y + static_cast<std::int32_t>(std::lround((1 - place) * (high - drawing_.frame)));
        auto const end = box.x + box.width + scaled(tick_length);
        drawing_.marks.emplace_back(Stroke{{box.x + box.width, y, scaled(tick_length), drawing_.frame}});
        add_lines({label}, end + scaled(gap), y + drawing_.frame / 2 - half_line);
    }
    widen_to(box.x + box.width);
    y_ = box.y + high + line_height() - half_line;
}

void Layout::add_classes(std::vector<LegendClass> const& classes)
{
    std::size_t seen = 0;
    for (auto const& entry : classes)
        if (entry.colour.alpha > 0 && ++seen <= most_classes)
            add_class(entry);
    if (seen > most_classes)
        y_ +=
            add_lines({fmt::format("… {} {}", seen - most_classes, words_in(legend_.language).more)}, x_, y_);
}

/// A gap below each, so that one of the background's colour has an outline of its own.
void Layout::add_class(LegendClass const& entry)
{
    auto const lines = lines_of(entry.label);
    auto const text_height = static_cast<std::int32_t>(lines.size()) * line_height();
    auto const high = std::max(swatch_height(), text_height);
    PixelBox const box{x_, y_ + (high - swatch_height()) / 2, swatch_width(), swatch_height()};
    drawing_.marks.emplace_back(Swatch{box, entry.colour});
    widen_to(box.x + box.width);
    add_lines(lines, box.x + box.width + scaled(margin), y_ + (high - text_height) / 2);
    y_ += high + scaled(gap);
}

void Layout::add_picture(StyledLayer const& styled)
{
    auto const side = [&](std::optional<std::int32_t> wanted) {
        return (wanted ? *wanted : picture_box) * legend_.scale;
    };
    auto const [wide, high] = fitted(*styled.layer, side(legend_.swatch_width), side(legend_.swatch_height));
    drawing_.marks.emplace_back(SmallPicture{{x_, y_, wide, high}, styled});
    widen_to(x_ + wide);
    y_ += high;
}

std::int32_t Layout::add_lines(std::vector<std::string> const& lines, std::int32_t x, std::int32_t y)
{
    auto const top = y;
    for (auto const& line : lines) {
        widen_to(x + drawing_.lettering.width(line));
        drawing_.marks.emplace_back(Line{x, y, line});
        y += line_height();
    }
    return y - top;
}

std::vector<std::string> Layout::lines_of(std::string_view text) const
{
    auto const laid_out = beginning_of(text, most_bytes);
    auto lines = drawing_.lettering.lines(laid_out, scaled(widest_text));
    if (lines.size() > most_lines || laid_out.size() < text.size()) {
        lines.resize(std::min(lines.size(), most_lines));
        lines.back() += " …";
    }
    return lines;
}

} // namespace

LegendDrawing drawing_of(LegendRequest const& legend)
{
    return Layout{legend}.drawn();
}

} // namespace ardoise
