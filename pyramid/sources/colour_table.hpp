// SPDX-License-Identifier: Apache-2.0
// From indices to the colours that they stand for.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

class GDALColorTable;

namespace ardoise {

/// The colours of an image with a palette. Immutable.
class ColourTable {
public:
    ColourTable() = default;
    /// `bands` are those of the colours that are read: 1 red, 2 green, 3 blue, 4 alpha. Alpha says what is
    /// data, unless it is read itself. The index `nodata` is nothing. Indices are uint8 or uint16.
    ColourTable(GDALColorTable const& colours, SampleType indices, std::span<int const> bands,
                std::optional<double> nodata);

    /// Whether every index stands for a colour that is data.
    bool opaque() const { return opaque_; }

    /// Colours and validity of rows of `width` indices, at (x, y) of `into`. An index that the palette does
    /// not have is nothing.
    void expand(std::span<std::uint16_t const> indices, std::int32_t width, MaskedRaster& into,
                std::int32_t x, std::int32_t y) const;

private:
    struct Entry {
        std::array<std::uint8_t, 4> samples{}; // of the bands that are read
        std::uint8_t valid = 0;
    };
    std::vector<Entry> entries_; // one for each index that there can be
    bool opaque_ = true;
};

} // namespace ardoise
