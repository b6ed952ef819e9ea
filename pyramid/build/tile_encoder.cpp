// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/tile_encoder.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <array>

namespace ardoise {

namespace {

std::string_view name_of(SampleType type)
{
    return type == SampleType::uint8 ? "UINT8" : type == SampleType::uint16 ? "UINT16" : "FLOAT32";
}

TileFormat const& mask_format()
{
    return *find_tile_format("TIFF_ZIP_UINT8");
}

/// Copies `count` of the `from_channels` samples of each pixel, all of them data.
template <int from_channels, int count, typename Sample>
void pick_row(Sample const* from, Sample* to, std::int32_t width, std::array<int, 4> const& channels)
{
    for (std::int32_t x = 0; x < width; ++x, from += from_channels, to += count)
        for (std::size_t c = 0; c < count; ++c)
            to[c] = from[channels[c]];
}

template <int count, typename Sample>
void clear_invalid(Sample* row, std::uint8_t const* valid, std::int32_t width,
                   std::array<Sample, 4> const& nodata)
{
    for (std::int32_t x = 0; x < width; ++x, row += count)
        if (valid[x] == 0)
            std::copy_n(nodata.begin(), count, row);
}

template <int from_channels, int count, typename Sample>
void pick_tile(MaskedView tile, std::vector<int> const& channels, std::vector<double> const& nodata,
               Raster& picked)
{
    std::array<int, 4> places{};
    std::copy_n(channels.begin(), count, places.begin());
    std::array<Sample, 4> nothing{};
    std::transform(nodata.begin(), nodata.begin() + count, nothing.begin(),
                   [](double value) { return static_cast<Sample>(value); });
    auto const shape = tile.pixels.shape;
    for (std::int32_t y = 0; y < shape.height; ++y) {
        pick_row<from_channels, count>(tile.pixels.row<Sample>(y), picked.row<Sample>(y), shape.width,
                                       places);
        if (!tile.all_valid())
            clear_invalid<count>(picked.row<Sample>(y), tile.validity.row(y), shape.width, nothing);
    }
}

} // namespace

TileFormat storage_format(Product const& product, SampleType type)
{
    auto const& format = product.format;
    std::string const family = format == "jpg" || format == "jpeg" ? "JPG"
                               : format == "png"                   ? "PNG"
                               : format == "webp"                  ? "WEBP"
                               : format == "zip"                   ? "ZIP"
                               : format == "lzw"                   ? "LZW"
                               : format == "pkb"                   ? "PKB"
                               : format == "raw"                   ? "RAW"
                                                                   : "";
    if (family.empty())
        fail("the format \"{}\" is not known; there are jpg, png, webp, zip, lzw, pkb and raw", format);
    auto const* found = find_tile_format(fmt::format("TIFF_{}_{}", family, name_of(type)));
    auto const channels = product.bands.size();
    bool const fits =
        (family != "JPG" || channels == 3 || channels == 1) && (family != "WEBP" || channels >= 3);
    if (!found || !fits)
        fail("the product {} cannot be stored as {}: {} bands of {} do not fit it; use zip", product.name,
             format, channels, name_of(type));
    return *found;
}

std::optional<TileFormat> exact_twin(TileFormat const& format)
{
    if (format.compression != TileCompression::jpeg && format.compression != TileCompression::webp)
        return std::nullopt;
    return *find_tile_format(fmt::format("TIFF_ZIP_{}", name_of(format.type)));
}

Raster decode_mask(ByteView mask, RasterShape const& shape)
{
    if (!mask.empty())
        return decode_tile(mask, mask_format(), {shape.width, shape.height});
    Raster all{{shape.width, shape.height}};
    std::fill(all.bytes().begin(), all.bytes().end(), std::byte{255});
    return all;
}

TileEncoder::TileEncoder(Pyramid const& pyramid, std::vector<int> channels, int quality)
    : shape_{pyramid.tile_shape(pyramid.finest())}, format_{pyramid.format}, exact_{exact_twin(format_)},
      channels_{std::move(channels)}, nodata_{pyramid.nodata}, quality_{quality}
{
}

bool TileEncoder::fits_as_it_is(RasterShape const& shape) const
{
    for (std::size_t i = 0; i < channels_.size(); ++i)
        if (channels_[i] != static_cast<int>(i))
            return false;
    auto const wanted = static_cast<std::int32_t>(channels_.size());
    // JPEG leaves a fourth channel out by itself.
    return shape.channels == wanted ||
           (format_.compression == TileCompression::jpeg && wanted == 3 && shape.channels == 4);
}

Raster TileEncoder::pick_pixels(MaskedView tile) const
{
    Raster picked{shape_};
    with_sample_type(shape_.type, [&](auto sample) {
        with_channels(tile.pixels.shape.channels, [&](auto from) {
            with_channels(shape_.channels, [&](auto count) {
                pick_tile<from(), count(), decltype(sample)>(tile, channels_, nodata_, picked);
            });
        });
    });
    return picked;
}

MaskedRaster TileEncoder::pick(MaskedView tile) const
{
    MaskedRaster picked;
    picked.pixels = pick_pixels(tile);
    picked.validity = Raster{{shape_.width, shape_.height}};
    if (tile.all_valid())
        std::fill(picked.validity.bytes().begin(), picked.validity.bytes().end(), std::byte{255});
    else
        paste(tile.validity, picked.validity, 0, 0);
    return picked;
}

Bytes TileEncoder::encode_data(MaskedView tile, Validity validity) const
{
    if (validity == Validity::full && fits_as_it_is(tile.pixels.shape))
        return encode_tile(tile.pixels, format_, quality_);
    return encode_tile(pick_pixels(tile).view(), format_, quality_);
}

std::optional<EncodedTile> TileEncoder::encode(std::size_t level, TileIndex tile, MaskedView pixels,
                                               bool with_exact) const
{
    auto const validity = validity_of(pixels);
    if (validity == Validity::none)
        return std::nullopt;
    EncodedTile encoded{
        .level = level, .tile = tile, .data = encode_data(pixels, validity), .mask = {}, .exact = {}};
    if (validity == Validity::partial)
        encoded.mask = encode_tile(pixels.validity, mask_format(), 100);
    if (with_exact && exact_)
        encoded.exact = encode_tile(pick_pixels(pixels).view(), *exact_, 100);
    return encoded;
}

EncodedTile TileEncoder::blank() const
{
    MaskedRaster const nothing{shape_};
    return {.level = 0,
            .tile = {},
            .data = encode_data(nothing.view(), Validity::none),
            .mask = encode_tile(nothing.validity.view(), mask_format(), 100),
            .exact = exact_ ? encode_tile(pick_pixels(nothing.view()).view(), *exact_, 100) : Bytes{}};
}

MaskedRaster TileEncoder::decode(EncodedTile const& tile) const
{
    MaskedRaster pixels;
    pixels.pixels =
        exact_ ? decode_tile(tile.exact, *exact_, shape_) : decode_tile(tile.data, format_, shape_);
    pixels.validity = decode_mask(tile.mask, shape_);
    return pixels;
}

} // namespace ardoise
