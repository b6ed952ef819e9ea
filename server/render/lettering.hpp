// SPDX-License-Identifier: Apache-2.0
// Words in pictures: of legends, and of mistakes that a client wants to hear of as a map.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

/// Letters of one size, in a sans serif that the program carries with it: the same pixels on every machine.
/// Latin, Greek and Cyrillic from left to right; a box stands for what the font lacks. Text is UTF-8, and
/// what is malformed in it or controls a terminal is a box, too. Safe to share: each thread has a font of its
/// own.
class Lettering {
public:
    /// `em`: the height of the letters with what hangs below and stands above, in pixels; 1 to 500.
    explicit Lettering(double em) : em_{em} {}

    double em() const { return em_; }
    /// From one line to the next, in pixels.
    std::int32_t line_height() const;
    /// From a line's upper edge to what its letters stand on, in pixels.
    std::int32_t baseline() const;
    /// Of one line of text, in pixels.
    std::int32_t width(std::string_view text) const;
    /// The text in lines no wider than that, broken between words; inside of them where one is wider.
    std::vector<std::string> lines(std::string_view text, std::int32_t widest) const;
    /// Adds one line, whose upper left corner is (x, y), to `cover`: one channel of 8 bits, how much of each
    /// pixel is ink. What falls outside is left out.
    void write(std::string_view text, std::int32_t x, std::int32_t y, Raster& cover) const;

private:
    double em_;
};

} // namespace ardoise
