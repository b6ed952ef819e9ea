// SPDX-License-Identifier: Apache-2.0
#include "server/render/picture_format.hpp"

#include "pyramid/base/letter_case.hpp"

namespace ardoise {

namespace {

constexpr int picture_quality = 85; // of JPEG and WebP

struct FormatNames {
    PictureFormat format;
    std::string_view media_type, extension, other_name;
};

constexpr FormatNames names[] = {{PictureFormat::jpeg, "image/jpeg", "jpg", "jpeg"},
                                 {PictureFormat::png, "image/png", "png", "image/x-png"},
                                 {PictureFormat::webp, "image/webp", "webp", "webp"}};

Bytes encode_png(RasterView picture)
{
    // Many shades of grey take a byte each, whatever they are called.
    auto const colours = FewColours::of(picture, picture.shape.channels == 1 ? 16 : FewColours::most);
    return colours ? png::encode(picture, *colours) : png::encode(picture);
}

Bytes encode_webp(RasterView picture)
{
    constexpr std::size_t flat = 16; // colours; with more a picture may have grain, which wants loss
    return FewColours::of(picture, flat) ? webp::encode_exactly(picture)
                                         : webp::encode(picture, picture_quality, webp::Effort::quick);
}

} // namespace

std::string_view media_type(PictureFormat format)
{
    return names[static_cast<std::size_t>(format)].media_type;
}

bool has_alpha(PictureFormat format)
{
    return format != PictureFormat::jpeg;
}

std::optional<PictureFormat> parse_picture_format(std::string_view name)
{
    name = name.substr(0, name.find(';'));
    auto const is_called = [name](std::string_view known) { return equal_ignoring_case(name, known); };
    for (auto const& row : names)
        if (is_called(row.media_type) || is_called(row.extension) || is_called(row.other_name))
            return row.format;
    return std::nullopt;
}

Bytes encode(RasterView picture, PictureFormat format)
{
    switch (format) {
    case PictureFormat::jpeg:
        return jpeg::encode(picture, picture_quality);
    case PictureFormat::webp:
        return encode_webp(picture);
    case PictureFormat::png:
        break;
    }
    return encode_png(picture);
}

Bytes encode(jpeg::Planes const& picture)
{
    return jpeg::encode(picture, picture_quality);
}

} // namespace ardoise
