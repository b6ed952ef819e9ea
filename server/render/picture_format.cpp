// SPDX-License-Identifier: Apache-2.0
#include "server/render/picture_format.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/raster/quantise.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace ardoise {

namespace {

using Format = PictureFormat;
using Use = FormatName::Use;

constexpr int picture_quality = 85; // of JPEG and WebP

constexpr FormatName names[] = {
    {"image/png", Format::png, Use::advertised},
    {"image/jpeg", Format::jpeg, Use::advertised},
    {"image/webp", Format::webp, Use::advertised},
    {"image/png; mode=8bit", Format::png8, Use::advertised},
    {"image/vnd.jpeg-png", Format::jpeg_or_png, Use::advertised}, // GeoServer's name
    {"image/x-jpegorpng", Format::jpeg_or_png, Use::advertised},  // the one that QGIS lists
    {"image/tiff", Format::geotiff, Use::advertised},
    {"image/x-bil;bits=8", Format::bil8, Use::advertised}, // ROK4's names
    {"image/x-bil;bits=16", Format::bil16, Use::advertised},
    {"image/x-bil;bits=32", Format::bil32, Use::advertised},
    {"image/png8", Format::png8, Use::accepted},
    {"image/geotiff", Format::geotiff, Use::accepted},
    {"image/tiff; application=geotiff", Format::geotiff, Use::accepted},
    {"application/x-bil;bits=8", Format::bil8, Use::accepted},
    {"application/x-bil;bits=16", Format::bil16, Use::accepted},
    {"application/x-bil;bits=32", Format::bil32, Use::accepted},
    {"image/x-png", Format::png, Use::accepted},
    {"jpg", Format::jpeg, Use::extension},
    {"jpeg", Format::jpeg, Use::extension},
    {"png", Format::png, Use::extension},
    {"webp", Format::webp, Use::extension},
};

/// A media type and its parameter, or an extension.
struct Parts {
    std::string_view type, parameter;
};

/// Blanks around a parameter mean nothing (RFC 9110, 5.6.6).
Parts parts_of(std::string_view name)
{
    auto const end = name.find(';');
    if (end == std::string_view::npos)
        return {name, {}};
    auto parameter = name.substr(end + 1);
    parameter.remove_prefix(std::min(parameter.find_first_not_of(' '), parameter.size()));
    return {name.substr(0, end), parameter.substr(0, parameter.find_last_not_of(' ') + 1)};
}

FormatName const* find_name(Parts const& wanted)
{
    auto const found = std::ranges::find_if(names, [&](FormatName const& row) {
        auto const [type, parameter] = parts_of(row.name);
        return equal_ignoring_case(type, wanted.type) && equal_ignoring_case(parameter, wanted.parameter);
    });
    return found == std::end(names) ? nullptr : found;
}

/// With its parameter, or else without.
FormatName const* find_format(std::string_view name)
{
    auto const parts = parts_of(name);
    auto const* found = find_name(parts);
    return found ? found : find_name({parts.type, {}});
}

bool is_jpeg(ByteView bytes)
{
    return bytes.size() > 2 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8};
}

Bytes encode_png(RasterView picture)
{
    // Many shades of grey take a byte each, whatever they are called.
    auto const colours = FewColours::of(picture, picture.shape.channels == 1 ? 16 : FewColours::most);
    return colours ? png::encode(picture, *colours) : png::encode(picture);
}

Bytes encode_png8(RasterView picture)
{
    return FewColours::of(picture) ? encode_png(picture) : encode_png(quantise(picture).view());
}

Bytes encode_webp(RasterView picture)
{
    constexpr std::size_t flat = 16; // colours; with more a picture may have grain, which wants loss
    return FewColours::of(picture, flat) ? webp::encode_exactly(picture)
                                         : webp::encode(picture, picture_quality, webp::Effort::quick);
}

} // namespace

std::span<FormatName const> format_names()
{
    return names;
}

std::string_view name_of(PictureFormat format)
{
    return std::ranges::find(names, format, &FormatName::format)->name;
}

std::string_view media_type(PictureFormat format, ByteView encoded)
{
    return media_type(format == Format::jpeg_or_png && is_jpeg(encoded) ? Format::jpeg : format);
}

std::string_view media_type(PictureFormat format)
{
    return name_of(format == Format::png8 || format == Format::jpeg_or_png ? Format::png : format);
}

bool has_alpha(PictureFormat format)
{
    return format != Format::jpeg;
}

std::optional<SampleType> value_type(PictureFormat format)
{
    switch (format) {
    case Format::bil8:
        return SampleType::uint8;
    case Format::bil16:
        return SampleType::uint16;
    case Format::bil32:
        return SampleType::float32;
    default:
        return std::nullopt;
    }
}

std::optional<PictureFormat> parse_map_format(std::string_view media_type)
{
    auto const* found = find_format(media_type);
    return found && found->use != Use::extension ? std::optional{found->format} : std::nullopt;
}

std::optional<PictureFormat> parse_picture_format(std::string_view name)
{
    auto const* found = find_format(name);
    bool const is_picture = found && found->format != Format::geotiff && !value_type(found->format);
    return is_picture ? std::optional{found->format} : std::nullopt;
}

Bytes encode(RasterView picture, PictureFormat format)
{
    bool const is_opaque = picture.shape.channels != 2 && picture.shape.channels != 4;
    switch (format) {
    case Format::jpeg:
        return jpeg::encode(picture, picture_quality);
    case Format::webp:
        return encode_webp(picture);
    case Format::png8:
        return encode_png8(picture);
    case Format::jpeg_or_png:
        return encode(picture, is_opaque ? Format::jpeg : Format::png);
    default:
        assert(format == Format::png);
        return encode_png(picture);
    }
}

bool can_be_exact(PictureFormat format)
{
    return format != Format::jpeg;
}

Bytes encode_exactly(RasterView picture, PictureFormat format)
{
    assert(can_be_exact(format));
    return format == Format::webp ? webp::encode_exactly(picture) : png::encode(picture);
}

Bytes encode(jpeg::Planes const& picture)
{
    return jpeg::encode(picture, picture_quality);
}

} // namespace ardoise
