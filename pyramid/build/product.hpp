// SPDX-License-Identifier: Apache-2.0
// What a build is asked for, pyramid by pyramid.
#pragma once

#include <string>
#include <vector>

namespace ardoise {

/// One pyramid to come out of the build: some of the sources' bands in one format.
struct Product {
    std::string name;
    std::vector<int> bands; // of the sources, from 1; empty: the first three, or the only one
    std::string format;     // jpg, png, webp, zip, lzw, pkb, raw; empty: jpg for 3 bands of uint8, else zip
    int quality = 85;       // of JPEG and WebP
};

/// "NAME=BANDS:FORMAT[:QUALITY]", as in ortho=1,2,3:jpg:85. Throws Failure saying what is wrong.
Product parse_product(std::string const& text);
/// "1,2,3"
std::vector<int> parse_bands(std::string const& text);

} // namespace ardoise
