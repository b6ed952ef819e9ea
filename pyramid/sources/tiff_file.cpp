// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/tiff_file.hpp"

#include "pyramid/base/failure.hpp"

#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace ardoise {

namespace {

constexpr std::uint64_t most_block_bytes = 8 << 20;
constexpr std::int64_t most_pixels_across = 1 << 30;

int keep_first(TIFF*, void* complaint, char const*, char const* format, va_list arguments)
{
    auto& first = *static_cast<std::string*>(complaint);
    if (!first.empty())
        return 1;
    std::array<char, 400> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    first = text.data();
    return 1; // nobody else needs to hear
}

struct OptionsCloser {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

TIFF* open_listening(std::filesystem::path const& path, std::string& complaint)
{
    std::unique_ptr<TIFFOpenOptions, OptionsCloser> const options{TIFFOpenOptionsAlloc()};
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_first, &complaint);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keep_first, &complaint);
    // Not mapped: a file that shrinks meanwhile is a short read, and no signal. The places of all blocks are
    // read at once, see register_drivers().
    return TIFFOpenExt(path.c_str(), "rm", options.get());
}

template <typename Value>
Value field(TIFF* file, std::uint32_t tag)
{
    Value value{};
    TIFFGetFieldDefaulted(file, tag, &value);
    return value;
}

bool is_known_codec(std::uint16_t compression)
{
    static constexpr std::uint16_t known[] = {
        COMPRESSION_NONE,     COMPRESSION_LZW,  COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
        COMPRESSION_PACKBITS, COMPRESSION_ZSTD, COMPRESSION_JPEG};
    return std::find(std::begin(known), std::end(known), compression) != std::end(known) &&
           TIFFIsCODECConfigured(compression) != 0;
}

/// Whether samples come out of the codec as they are meant: JPEG's colours are asked for as RGB.
bool settles_colours(TIFF* file)
{
    auto const photometric = field<std::uint16_t>(file, TIFFTAG_PHOTOMETRIC);
    if (field<std::uint16_t>(file, TIFFTAG_COMPRESSION) == COMPRESSION_JPEG &&
        photometric == PHOTOMETRIC_YCBCR)
        return TIFFSetField(file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB) != 0;
    return photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_MINISBLACK;
}

bool holds_samples(TIFF* file, SampleType type)
{
    auto const format = field<std::uint16_t>(file, TIFFTAG_SAMPLEFORMAT);
    return field<std::uint16_t>(file, TIFFTAG_BITSPERSAMPLE) == 8 * bytes_per_sample(type) &&
           format == (type == SampleType::float32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
}

/// How the bands that are wanted lie in a pixel of the file.
struct Picking {
    std::span<int const> bands;
    std::size_t sample, pixel; // bytes

    bool takes_all() const { return bands.size() * sample == pixel && follow_from(1); }
    bool follow_from(int first) const
    {
        for (std::size_t i = 0; i < bands.size(); ++i)
            if (bands[i] != first + static_cast<int>(i))
                return false;
        return true;
    }
};

/// Three of the first bytes of each pixel, all but the last written with the byte behind them, which the next
/// pixel covers.
void copy_leading_three(std::byte const* from, std::size_t pixel, std::byte* to, std::int32_t count)
{
    for (; count > 1; --count, from += pixel, to += 3)
        std::memcpy(to, from, 4);
    std::memcpy(to, from, 3);
}

template <typename Sample>
void pick_samples(std::byte const* from, Picking const& picking, std::byte* to, std::int32_t count)
{
    for (; count > 0; --count, from += picking.pixel)
        for (int const band : picking.bands) {
            std::memcpy(to, from + static_cast<std::size_t>(band - 1) * sizeof(Sample), sizeof(Sample));
            to += sizeof(Sample);
        }
}

void copy_row(std::byte const* from, Picking const& picking, std::byte* to, std::int32_t count)
{
    if (picking.takes_all())
        std::memcpy(to, from, static_cast<std::size_t>(count) * picking.pixel);
    else if (picking.sample == 1 && picking.bands.size() == 3 && picking.follow_from(1))
        copy_leading_three(from, picking.pixel, to, count);
    else if (picking.sample == 1)
        pick_samples<std::uint8_t>(from, picking, to, count);
    else if (picking.sample == 2)
        pick_samples<std::uint16_t>(from, picking, to, count);
    else
        pick_samples<float>(from, picking, to, count);
}

} // namespace

void TiffFile::Closer::operator()(tiff* file) const
{
    TIFFClose(file);
}

std::optional<TiffFile> TiffFile::open(Source const& source, std::shared_ptr<BlockCache> cache)
{
    TiffFile opened{source, std::move(cache)};
    if (!opened.file_ || !opened.is_plain(source))
        return std::nullopt;
    return opened;
}

TiffFile::TiffFile(Source const& source, std::shared_ptr<BlockCache> cache)
    : path_{source.file}, cache_{std::move(cache)}, number_{cache_->number_of(path_)},
      complaint_{std::make_unique<std::string>()}, file_{open_listening(source.file, *complaint_)}
{
}

bool TiffFile::is_plain(Source const& source)
{
    auto* const file = file_.get();
    auto const samples = field<std::uint16_t>(file, TIFFTAG_SAMPLESPERPIXEL);
    bool const is_ours =
        !source.palette && samples == source.bands && holds_samples(file, source.type) &&
        is_known_codec(field<std::uint16_t>(file, TIFFTAG_COMPRESSION)) &&
        (samples == 1 || field<std::uint16_t>(file, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG) &&
        settles_colours(file);
    if (!is_ours || field<std::uint32_t>(file, TIFFTAG_IMAGEWIDTH) != source.width ||
        field<std::uint32_t>(file, TIFFTAG_IMAGELENGTH) != source.height)
        return false;
    if (source.width > most_pixels_across || source.height > most_pixels_across)
        return false;
    tiled_ = TIFFIsTiled(file) != 0;
    auto const width = tiled_ ? field<std::uint32_t>(file, TIFFTAG_TILEWIDTH) : source.width;
    auto const height =
        tiled_ ? field<std::uint32_t>(file, TIFFTAG_TILELENGTH)
               : std::min<std::int64_t>(field<std::uint32_t>(file, TIFFTAG_ROWSPERSTRIP), source.height);
    bytes_per_sample_ = bytes_per_sample(source.type);
    bytes_per_pixel_ = samples * bytes_per_sample_;
    auto const bytes = static_cast<std::uint64_t>(tiled_ ? TIFFTileSize64(file) : TIFFStripSize64(file));
    if (bytes == 0 || bytes > most_block_bytes ||
        bytes != static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) * bytes_per_pixel_)
        return false;
    height_ = static_cast<std::int32_t>(source.height);
    block_width_ = static_cast<std::int32_t>(width);
    block_height_ = static_cast<std::int32_t>(height);
    blocks_across_ = static_cast<std::int32_t>((source.width - 1) / width + 1);
    return true;
}

/// The last strip is as high as what is left of the image; tiles are always whole.
std::int64_t TiffFile::bytes_of(std::uint32_t number) const
{
    auto const rows =
        tiled_ ? block_height_
               : std::min(block_height_, height_ - static_cast<std::int32_t>(number) * block_height_);
    return std::int64_t{rows} * block_width_ * static_cast<std::int64_t>(bytes_per_pixel_);
}

/// Null when the file leaves it out, or says that it takes more room than its pixels.
BlockCache::Block TiffFile::decode(std::uint32_t number)
{
    complaint_->clear(); // unknown tags, for instance: nothing that concerns pixels
    auto const bytes = bytes_of(number);
    auto const stored = TIFFGetStrileByteCount(file_.get(), number);
    bool const is_too_much =
        stored > 2 * static_cast<std::uint64_t>(bytes) + 4096; // libtiff keeps it all at hand
    if ((stored == 0 || is_too_much) && complaint_->empty())
        return nullptr;
    auto decoded = std::make_shared_for_overwrite<std::byte[]>(static_cast<std::size_t>(bytes));
    auto const got = tiled_ ? TIFFReadEncodedTile(file_.get(), number, decoded.get(), bytes)
                            : TIFFReadEncodedStrip(file_.get(), number, decoded.get(), bytes);
    if (got != bytes || !complaint_->empty())
        fail("{}: cannot be read: {}", path_.string(),
             complaint_->empty() ? "libtiff gives no reason" : *complaint_);
    return decoded;
}

BlockCache::Block TiffFile::block(std::uint32_t number)
{
    BlockKey const key{number_, number};
    if (auto found = cache_->find(key))
        return found;
    auto decoded = decode(number);
    if (decoded)
        cache_->keep(key, decoded, static_cast<std::size_t>(bytes_of(number)));
    return decoded;
}

bool TiffFile::read(PixelBox window, std::span<int const> bands, Raster& into, std::int32_t x, std::int32_t y)
{
    Picking const picking{bands, bytes_per_sample_, bytes_per_pixel_};
    auto const into_pixel = into.shape().bytes_per_pixel();
    auto const right = window.x + window.width, bottom = window.y + window.height;
    for (auto row = window.y / block_height_; row * block_height_ < bottom; ++row)
        for (auto col = window.x / block_width_; col * block_width_ < right; ++col) {
            auto const pixels = block(static_cast<std::uint32_t>(row * blocks_across_ + col));
            if (!pixels)
                return false;
            auto const left = std::max(window.x, col * block_width_);
            auto const top = std::max(window.y, row * block_height_);
            auto const width = std::min(right, (col + 1) * block_width_) - left;
            auto const end = std::min(bottom, (row + 1) * block_height_);
            for (auto line = top; line < end; ++line) {
                auto const place = static_cast<std::size_t>(line - row * block_height_) *
                                       static_cast<std::size_t>(block_width_) +
                                   static_cast<std::size_t>(left - col * block_width_);
                copy_row(pixels.get() + place * bytes_per_pixel_, picking,
                         into.row<std::byte>(y + line - window.y) +
                             static_cast<std::size_t>(x + left - window.x) * into_pixel,
                         width);
            }
        }
    return true;
}

} // namespace ardoise
