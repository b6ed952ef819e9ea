// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/colour_table.hpp"

#include <gdal_priv.h>

#include <algorithm>

namespace ardoise {

ColourTable::ColourTable(GDALColorTable const& colours, SampleType indices, std::span<int const> bands,
                         std::optional<double> nodata)
    : entries_(indices == SampleType::uint8 ? 256 : 65536)
{
    bool const alpha_is_data = std::find(bands.begin(), bands.end(), 4) != bands.end();
    auto const count =
        std::min<std::size_t>(static_cast<std::size_t>(colours.GetColorEntryCount()), entries_.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto const& colour = *colours.GetColorEntry(static_cast<int>(i));
        std::array<short, 4> const components{colour.c1, colour.c2, colour.c3, colour.c4};
        for (std::size_t band = 0; band < bands.size(); ++band)
            entries_[i].samples[band] =
                static_cast<std::uint8_t>(components[static_cast<std::size_t>(bands[band] - 1)]);
        entries_[i].valid = alpha_is_data ? 255 : static_cast<std::uint8_t>(colour.c4);
        if (nodata && *nodata == static_cast<double>(i))
            entries_[i].valid = 0;
    }
    opaque_ =
        std::all_of(entries_.begin(), entries_.end(), [](Entry const& entry) { return entry.valid == 255; });
}

void ColourTable::expand(std::span<std::uint16_t const> indices, std::int32_t width, MaskedRaster& into,
                         std::int32_t x, std::int32_t y) const
{
    auto const channels = static_cast<std::size_t>(into.pixels.shape().channels);
    for (; !indices.empty(); indices = indices.subspan(static_cast<std::size_t>(width)), ++y) {
        auto* samples = into.pixels.row(y) + static_cast<std::size_t>(x) * channels;
        auto* valid = into.validity.row(y) + x;
        for (auto const index : indices.first(static_cast<std::size_t>(width))) {
            auto const& entry = entries_[index];
            samples = std::copy_n(entry.samples.begin(), channels, samples);
            *valid++ = entry.valid;
        }
    }
}

} // namespace ardoise
