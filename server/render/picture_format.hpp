// SPDX-License-Identifier: Apache-2.0
// The formats in which maps and rendered tiles leave.
#pragma once

#include "pyramid/raster/codec.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace ardoise {

enum class PictureFormat {
    jpeg,
    png,
    webp,
    png8,        // at most 256 colours
    jpeg_or_png, // JPEG where the picture is opaque all over
    geotiff,     // values where the style shows them as they are, else a picture
    bil8,        // bare values, in so many bits
    bil16,
    bil32,
};

/// One row of the table of names.
struct FormatName {
    enum class Use { advertised, accepted, extension };

    std::string_view name;
    PictureFormat format;
    Use use;
};

/// All of them, in the order in which maps are advertised; the first name of a format is its own. QGIS takes
/// the first that a service has.
std::span<FormatName const> format_names();
/// A format's own name: the same for no other.
std::string_view name_of(PictureFormat format);

/// The Content-Type of an encoded picture: of jpeg_or_png that of the bytes. (WMS sends the name that it was
/// asked by.)
std::string_view media_type(PictureFormat format, ByteView encoded);
/// The same before there is one; of jpeg_or_png that of PNG.
std::string_view media_type(PictureFormat format);
bool has_alpha(PictureFormat format);
/// The type of values that the format holds, where it is for values alone.
std::optional<SampleType> value_type(PictureFormat format);

/// Of maps: by media type ("image/jpeg"), case and blanks ignored, and parameters after ';' that say nothing.
std::optional<PictureFormat> parse_map_format(std::string_view media_type);
/// Of tiles: likewise, or by extension ("jpg"); pictures without a place on Earth alone.
std::optional<PictureFormat> parse_picture_format(std::string_view name);

/// 8 bits, 1, 3 or 4 channels (the fourth is alpha, left out by JPEG); no GeoTIFF and no values. Where
/// colours are few PNG has a palette of them, and WebP loses nothing.
Bytes encode(RasterView picture, PictureFormat format);
/// Whether the format can hold every colour as it is.
bool can_be_exact(PictureFormat format);
/// Likewise, losing nothing and without a palette, which some programs cannot undo (QGIS reads heights from
/// true colours). The format can be exact; jpeg_or_png and png8 are PNG then.
Bytes encode_exactly(RasterView picture, PictureFormat format);
/// As JPEG.
Bytes encode(jpeg::Planes const& picture);

} // namespace ardoise
