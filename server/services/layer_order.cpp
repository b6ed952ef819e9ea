// SPDX-License-Identifier: Apache-2.0
#include "server/services/layer_order.hpp"

#include "pyramid/base/number.hpp"

#include <algorithm>
#include <tuple>

namespace ardoise {

namespace {

enum class Kind { true_colour, picture, other };

Kind kind_of(Pyramid const& pyramid)
{
    if (pyramid.format.type == SampleType::float32 || pyramid.format.compression == TileCompression::vector)
        return Kind::other;
    std::vector<int> const red_green_blue{1, 2, 3};
    auto const& bands = pyramid.source_bands;
    bool const is_in_order =
        bands.empty() ||
        (bands.size() >= 3 && std::equal(red_green_blue.begin(), red_green_blue.end(), bands.begin()));
    return pyramid.channels >= 3 && is_in_order ? Kind::true_colour : Kind::picture;
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// The last number of four digits in a name that may be a year of photography; 0 where there is none.
int year_in(std::string_view name)
{
    int year = 0;
    for (auto first = name.begin(); first != name.end();) {
        first = std::find_if(first, name.end(), is_digit);
        auto const last = std::find_if_not(first, name.end(), is_digit);
        auto const number = parse_number<int>(std::string_view{first, last});
        if (last - first == 4 && number && *number >= 1850 && *number < 2100)
            year = *number;
        first = last;
    }
    return year;
}

} // namespace

LayerList in_order_for_people(LayerList layers)
{
    auto const place = [](auto const& layer) {
        return std::tuple{kind_of(layer->pyramid), -year_in(layer->name), std::string_view{layer->name}};
    };
    std::sort(layers.begin(), layers.end(),
              [&](auto const& a, auto const& b) { return place(a) < place(b); });
    return layers;
}

std::shared_ptr<Layer const> first_for_maps(LayerList const& layers)
{
    auto const ordered = in_order_for_people(layers);
    auto const found =
        std::find_if(ordered.begin(), ordered.end(), [](auto const& layer) { return !layer->is_vector(); });
    return found == ordered.end() ? nullptr : *found;
}

} // namespace ardoise
