// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/recipe.hpp"

namespace ardoise {

namespace {

Json list_of(std::vector<int> const& numbers)
{
    auto list = Json::array();
    for (int const number : numbers)
        list.add(number);
    return list;
}

} // namespace

Json recipe_of(Product const& product, PreparedBuild const& prepared)
{
    auto const& options = prepared.options;
    auto const& set = *prepared.plan.set;
    return Json::object({{"bands", list_of(product.bands)},
                         {"read_bands", list_of(prepared.bands)},
                         {"format", product.format},
                         {"quality", product.quality},
                         {"tile_matrix_set", set.id},
                         {"top", set.matrices[prepared.plan.levels.front().matrix].id},
                         {"bottom", set.matrices[prepared.plan.levels.back().matrix].id},
                         {"resampling", std::string{rok4_name(options.resampling)}},
                         {"slab", Json::array({options.slab_width, options.slab_height})}});
}

} // namespace ardoise
