// SPDX-License-Identifier: Apache-2.0
#include "server/render/legend.hpp"

#include "server/render/compose.hpp"
#include "server/render/lettering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// Changes whenever the same request draws another picture.
constexpr int legend_version = 1;
/// Rows that a legend has at most: of more, a blend leaves out some, and classes end.
constexpr std::size_t most_blended = 24, most_classes = 64;
/// Pixels at scale 1.
constexpr double em = 12, margin = 4, picture_box = 96, default_swatch_width = 24, default_swatch_height = 16;
constexpr Colour ink_colour{0, 0, 0};
constexpr PaletteColour outline{0, 128, 128, 128, 255};

/// What a style without a palette makes of values: shades of grey (see apply()).
std::optional<Palette> greys_of(Pyramid const& pyramid)
{
    if (pyramid.channels != 1 || pyramid.format.type == SampleType::uint8)
        return std::nullopt;
    double const white = pyramid.format.type == SampleType::uint16 ? 65535 : 255;
    return Palette{.colours = {{0, 0, 0, 0, 255}, {white, 255, 255, 255, 255}}, .rgb_continuous = true};
}

std::optional<Palette> palette_of(StyledLayer const& styled)
{
    return styled.style->palette ? styled.style->palette : greys_of(styled.layer->pyramid);
}

bool is_blend(Palette const& palette)
{
    return palette.rgb_continuous && palette.colours.size() > 1;
}

/// " m"; nothing where nobody says what the values are.
std::string unit_behind_number(Layer const& layer)
{
    auto const& unit = layer.unit();
    return unit.empty() ? std::string{} : " " + unit;
}

std::vector<LegendRow> rows_of_blend(std::vector<PaletteColour> const& colours, std::string const& unit)
{
    auto const step = (colours.size() + most_blended - 2) / (most_blended - 1);
    std::vector<LegendRow> rows;
    for (std::size_t i = 0; i < colours.size() - 1; i += step)
        rows.push_back({colours[i], fmt::format("{}{}", colours[i].value, unit)});
    rows.push_back({colours.back(), fmt::format("{}{}", colours.back().value, unit)});
    std::reverse(rows.begin(), rows.end());
    return rows;
}

/// From each colour's value up to the next one's; below the first it is the first's, too.
std::string class_label(std::vector<PaletteColour> const& colours, std::size_t i, std::string const& unit)
{
    bool const is_first = i == 0, is_last = i + 1 == colours.size();
    if (is_first && is_last)
        return {};
    if (is_last)
        return fmt::format("≥ {}{}", colours[i].value, unit);
    return is_first ? fmt::format("< {}{}", colours[i + 1].value, unit)
                    : fmt::format("{} – {}{}", colours[i].value, colours[i + 1].value, unit);
}

std::vector<LegendRow> rows_of_classes(std::vector<PaletteColour> const& colours, std::string const& unit)
{
    std::vector<LegendRow> rows;
    for (std::size_t i = 0; i < colours.size() && rows.size() < most_classes; ++i)
        if (colours[i].alpha > 0)
            rows.push_back({colours[i], class_label(colours, i, unit)});
    return rows;
}

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

/// Where everything stands.
class Layout {
public:
    explicit Layout(LegendRequest const& legend) : legend_{legend}, lettering_{em * legend.scale} {}

    PictureSize whole() const;
    std::int32_t scaled(double pixels) const
    {
        return std::max(1, static_cast<std::int32_t>(std::lround(pixels * legend_.scale)));
    }
    bool has_titles() const { return legend_.layers.size() > 1; }
    std::int32_t row_height() const
    {
        auto const swatch = scaled(legend_.swatch_height ? *legend_.swatch_height : default_swatch_height);
        return std::max(swatch, lettering_.line_height());
    }
    std::int32_t swatch_width() const
    {
        return scaled(legend_.swatch_width ? *legend_.swatch_width : default_swatch_width);
    }
    PictureSize picture_of(Layer const& layer) const
    {
        auto const side = [](std::optional<std::int32_t> wanted) { return wanted ? *wanted : picture_box; };
        return fitted(layer, side(legend_.swatch_width) * legend_.scale,
                      side(legend_.swatch_height) * legend_.scale);
    }
    Lettering const& lettering() const { return lettering_; }

private:
    PictureSize of_rows(std::vector<LegendRow> const& rows) const;
    PictureSize of_layer(StyledLayer const& styled) const;

    LegendRequest const& legend_;
    Lettering lettering_;
};

PictureSize Layout::of_rows(std::vector<LegendRow> const& rows) const
{
    std::int32_t widest = 0;
    for (auto const& row : rows)
        widest = std::max(widest, lettering_.width(row.label));
    return {swatch_width() + scaled(margin) + widest, static_cast<std::int32_t>(rows.size()) * row_height()};
}

PictureSize Layout::of_layer(StyledLayer const& styled) const
{
    auto const rows = legend_rows(styled);
    auto size = rows.empty() ? picture_of(*styled.layer) : of_rows(rows);
    if (has_titles()) {
        size.width = std::max(size.width, lettering_.width(styled.layer->title()));
        size.height += lettering_.line_height();
    }
    return size;
}

/// A lone picture fills all of it; anything else has a margin around it.
PictureSize Layout::whole() const
{
    if (!has_titles() && legend_rows(legend_.layers.front()).empty())
        return picture_of(*legend_.layers.front().layer);
    PictureSize size{0, scaled(margin)};
    for (auto const& styled : legend_.layers) {
        auto const own = of_layer(styled);
        size.width = std::max(size.width, own.width + 2 * scaled(margin));
        size.height += own.height + scaled(margin);
    }
    return size;
}

/// Draws from the top down.
class Painter {
public:
    Painter(LegendRequest const& legend, Caches& caches)
        : legend_{legend}, layout_{legend}, caches_{caches}, size_{layout_.whole()},
          colours_{{size_.width, size_.height, 4, SampleType::uint8}}, ink_{{size_.width, size_.height, 1,
                                                                             SampleType::uint8}}
    {
    }
    Raster paint();

private:
    void paint_layer(StyledLayer const& styled);
    void paint_rows(std::vector<LegendRow> const& rows, Palette const& palette);
    void paint_picture(StyledLayer const& styled);
    void fill(PixelBox box, PaletteColour const& colour);
    void frame(PixelBox box);

    LegendRequest const& legend_;
    Layout layout_;
    Caches& caches_;
    PictureSize size_;
    Raster colours_, ink_;
    std::int32_t x_ = 0, y_ = 0;
};

Raster Painter::paint()
{
    bool const is_lone_picture = !layout_.has_titles() && legend_rows(legend_.layers.front()).empty();
    auto const gap = is_lone_picture ? 0 : layout_.scaled(margin);
    x_ = y_ = gap;
    for (auto const& styled : legend_.layers) {
        paint_layer(styled);
        y_ += gap;
    }
    Canvas canvas{size_.width, size_.height};
    canvas.lay({colours_.view(), {}});
    canvas.lay(ink_colour, ink_.view());
    return canvas.picture(legend_.transparent && has_alpha(legend_.format), legend_.background);
}

void Painter::paint_layer(StyledLayer const& styled)
{
    if (layout_.has_titles()) {
        layout_.lettering().write(styled.layer->title(), x_, y_, ink_);
        y_ += layout_.lettering().line_height();
    }
    auto const rows = legend_rows(styled);
    if (rows.empty())
        paint_picture(styled);
    else
        paint_rows(rows, *palette_of(styled));
}

/// Swatches, or one column that blends from the middle of a row to that of the next.
void Painter::paint_rows(std::vector<LegendRow> const& rows, Palette const& palette)
{
    auto const high = layout_.row_height(), wide = layout_.swatch_width();
    auto const last = static_cast<double>(rows.size() - 1);
    auto const value_at = [&](std::int32_t y) {
        double const at = std::clamp((y + 0.5) / high - 0.5, 0.0, last);
        auto const row = std::min(static_cast<std::size_t>(at), rows.size() - 2);
        double const upper = rows[row].colour.value, lower = rows[row + 1].colour.value;
        return upper + (lower - upper) * (at - static_cast<double>(row));
    };
    auto const height = static_cast<std::int32_t>(rows.size()) * high;
    for (std::int32_t y = 0; y < height; ++y)
        fill({x_, y_ + y, wide, 1}, is_blend(palette) ? colour_at(palette, value_at(y))
                                                      : rows[static_cast<std::size_t>(y / high)].colour);
    frame({x_, y_, wide, height});
    auto const text_x = x_ + wide + layout_.scaled(margin);
    for (auto const& row : rows) {
        layout_.lettering().write(row.label, text_x, y_ + (high - layout_.lettering().line_height()) / 2,
                                  ink_);
        y_ += high;
    }
}

/// Nothing, where the layer has no level that is coarse enough to be looked at in so few pixels.
void Painter::paint_picture(StyledLayer const& styled)
{
    auto const [width, height] = layout_.picture_of(*styled.layer);
    auto const& pyramid = styled.layer->pyramid;
    MapRequest const map{.layers = {styled},
                         .crs = pyramid.set->crs,
                         .box = pyramid.extent(),
                         .width = width,
                         .height = height,
                         .format = PictureFormat::png,
                         .transparent = true,
                         .background = {}};
    if (is_affordable(map)) {
        Canvas small{width, height};
        small.lay(render_layer(styled, map.frame(), caches_).view());
        paste(small.pixels(), colours_, x_, y_);
    }
    y_ += height;
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
    fill({box.x, box.y, box.width, 1}, outline);
    fill({box.x, box.y + box.height - 1, box.width, 1}, outline);
    fill({box.x, box.y, 1, box.height}, outline);
    fill({box.x + box.width - 1, box.y, 1, box.height}, outline);
}

std::string key_of(LegendRequest const& legend)
{
    auto key = facts_of(legend);
    for (auto const& styled : legend.layers)
        key += fmt::format(" {}", styled.layer->serial);
    return key;
}

} // namespace

std::vector<LegendRow> legend_rows(StyledLayer const& styled)
{
    auto const palette = palette_of(styled);
    if (!palette)
        return {};
    auto const unit = unit_behind_number(*styled.layer);
    return is_blend(*palette) ? rows_of_blend(palette->colours, unit)
                              : rows_of_classes(palette->colours, unit);
}

PictureSize size_of(LegendRequest const& legend)
{
    return Layout{legend}.whole();
}

std::string facts_of(LegendRequest const& legend)
{
    auto const& [red, green, blue] = legend.background;
    auto facts = fmt::format("legend {} {} {}x{} {} {} {}-{}-{}", legend_version, legend.scale,
                             legend.swatch_width.value_or(0), legend.swatch_height.value_or(0),
                             media_type(legend.format), legend.transparent, red, green, blue);
    for (auto const& styled : legend.layers)
        facts += fmt::format(" {} {}{}", rendering_facts(styled), styled.layer->title(),
                             unit_behind_number(*styled.layer));
    return facts;
}

std::shared_ptr<Bytes const> render_legend(LegendRequest const& legend, Caches& caches)
{
    auto const key = key_of(legend);
    return caches.maps.get(
        key,
        [&] {
            return std::make_shared<Bytes const>(
                encode(Painter{legend, caches}.paint().view(), legend.format));
        },
        [&](auto const& picture) { return picture->size() + bytes_beside(key); });
}

} // namespace ardoise
