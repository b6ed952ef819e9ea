// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/slab_path.hpp"

#include <string>
#include <string_view>

namespace ardoise {

namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

} // namespace

std::filesystem::path slab_path(TileIndex slab, int depth)
{
    // Pairs of digits (column, then row), the least significant last; all but `depth` of them stay together.
    std::string name;
    std::int64_t col = slab.col, row = slab.row;
    for (int pair = 0; pair <= depth || col > 0 || row > 0; ++pair) {
        std::string const digit{digits[static_cast<std::size_t>(col % 36)],
                                digits[static_cast<std::size_t>(row % 36)]};
        name.insert(0, pair < depth ? "/" + digit : digit);
        col /= 36;
        row /= 36;
    }
    return name + ".tif";
}

std::optional<TileIndex> parse_slab_path(std::filesystem::path const& path)
{
    if (path.extension() != ".tif")
        return std::nullopt;
    std::string pairs;
    for (auto const& part : path.parent_path() / path.stem())
        pairs += part.string();
    if (pairs.empty() || pairs.size() % 2 != 0 || pairs.size() > 22)
        return std::nullopt;
    TileIndex slab;
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
        auto const col = digits.find(pairs[i]), row = digits.find(pairs[i + 1]);
        if (col == std::string_view::npos || row == std::string_view::npos)
            return std::nullopt;
        slab = {slab.col * 36 + static_cast<std::int64_t>(col),
                slab.row * 36 + static_cast<std::int64_t>(row)};
    }
    return slab;
}

} // namespace ardoise
