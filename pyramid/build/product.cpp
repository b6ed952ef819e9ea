// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/product.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"

#include <string_view>

namespace ardoise {

std::vector<int> parse_bands(std::string const& text)
{
    std::vector<int> bands;
    std::string_view rest = text;
    while (true) {
        auto const comma = rest.find(',');
        auto const number = parse_number<int>(rest.substr(0, comma));
        if (!number || *number < 1 || *number > 100)
            fail("\"{}\" is no list of bands; write numbers from 1 with commas between them, as in 4,1,2",
                 text);
        bands.push_back(*number);
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
    }
    if (bands.size() > 4)
        fail("\"{}\" names {} bands; a pyramid holds at most 4", text, bands.size());
    return bands;
}

Product parse_product(std::string const& text)
{
    auto const equals = text.find('=');
    auto const first_colon = text.find(':', equals == std::string::npos ? 0 : equals);
    if (equals == std::string::npos || equals == 0 || first_colon == std::string::npos)
        fail("the product \"{}\" is not of the form NAME=BANDS:FORMAT[:QUALITY], as in irc=4,1,2:jpg:85",
             text);
    auto const second_colon = text.find(':', first_colon + 1);
    Product product;
    product.name = text.substr(0, equals);
    product.bands = parse_bands(text.substr(equals + 1, first_colon - equals - 1));
    product.format = text.substr(first_colon + 1, second_colon - first_colon - 1);
    if (second_colon != std::string::npos) {
        auto const quality = parse_number<int>(std::string_view{text}.substr(second_colon + 1));
        if (!quality || *quality < 1 || *quality > 100)
            fail("the product \"{}\" has a quality that is no number from 1 to 100", text);
        product.quality = *quality;
    }
    return product;
}

} // namespace ardoise
