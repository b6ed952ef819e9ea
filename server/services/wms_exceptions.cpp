// SPDX-License-Identifier: Apache-2.0
#include "server/services/wms_exceptions.hpp"

#include "pyramid/base/letter_case.hpp"
#include "server/render/lettering.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/parameters.hpp"
#include "styles/drawing/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names)
{
    return std::any_of(names.begin(), names.end(),
                       [text](std::string_view name) { return equal_ignoring_case(text, name); });
}

/// Black letters in a light frame, at the top.
void write_into(Canvas& canvas, std::int32_t width, std::int32_t height, std::string_view text)
{
    constexpr double em = 13;
    constexpr std::int32_t margin = 6;
    constexpr std::size_t longest = 400; // mistakes may repeat what the client sent
    Lettering const lettering{em};
    auto const lines = lettering.lines(text.substr(0, longest), std::max(1, width - 2 * margin));
    auto const high = static_cast<std::int32_t>(lines.size()) * lettering.line_height() + 2 * margin;
    Raster frame{{width, height, 1, SampleType::uint8}}, ink{{width, height, 1, SampleType::uint8}};
    for (std::int32_t y = 0; y < std::min(high, height); ++y)
        std::fill_n(frame.row(y), width, std::uint8_t{255});
    auto y = margin;
    for (auto const& line : lines) {
        lettering.write(line, margin, y, ink);
        y += lettering.line_height();
    }
    canvas.lay({255, 255, 240}, frame.view());
    canvas.lay({0, 0, 0}, ink.view());
}

} // namespace

Response wms_exception(WmsVersion version, OgcError const& error)
{
    return version == WmsVersion::v1_3_0 ? wms_130_exception(error) : wms_111_exception(error);
}

MapExceptions::MapExceptions(Query const& query, WmsVersion version)
    : version_{version}, picture_{picture(query)}
{
}

std::optional<MapExceptions::Picture> MapExceptions::picture(Query const& query)
{
    auto const form = query.find("EXCEPTIONS").value_or("");
    bool const is_told = is_one_of(form, {"INIMAGE", "application/vnd.ogc.se_inimage"});
    if (!is_told && !is_one_of(form, {"BLANK", "application/vnd.ogc.se_blank"}))
        return std::nullopt;
    auto const width = integer(query, "WIDTH", 1, largest_map_side);
    auto const height = integer(query, "HEIGHT", 1, largest_map_side);
    auto const format = parse_picture_format(query.find("FORMAT").value_or(""));
    if (!width || !height || !format)
        return std::nullopt;
    auto const transparent = flag(query, "TRANSPARENT");
    auto const background = colour(query, "BGCOLOR");
    return Picture{.width = static_cast<std::int32_t>(*width),
                   .height = static_cast<std::int32_t>(*height),
                   .format = *format,
                   .transparent = transparent.has_value() && *transparent && has_alpha(*format),
                   .background = background ? *background : Colour{},
                   .is_told = is_told};
}

std::string MapExceptions::key() const
{
    return fmt::format("WMS {} {}", static_cast<int>(version_),
                       !picture_           ? "XML"
                       : picture_->is_told ? "INIMAGE"
                                           : "BLANK");
}

Reply MapExceptions::reply(OgcError const& error) const
{
    if (!picture_)
        return response(error);
    return Work{[*this, error] { return response(error); }};
}

Response MapExceptions::response(OgcError const& error) const
{
    if (!picture_)
        return wms_exception(version_, error);
    auto const& [width, height, format, transparent, background, is_told] = *picture_;
    Canvas canvas{width, height};
    if (is_told)
        write_into(canvas, width, height, error.text);
    auto const picture = canvas.picture(transparent, background);
    auto body = SharedBytes::owning(encode(picture.view(), format));
    auto const type = media_type(format, body.view);
    return {.media_type = type, .body = std::move(body), .cache_control = "no-store"};
}

} // namespace ardoise
