// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/tile_matrix.hpp"

#include "pyramid/base/number.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// Clamps before the conversion: a box far outside must not overflow an integer.
std::int64_t clamp_to(double value, std::int64_t highest)
{
    return static_cast<std::int64_t>(std::clamp(value, 0.0, static_cast<double>(highest)));
}

constexpr double rendering_pixel = 0.00028; // metres

constexpr double nothing = 1e-6; // of a pixel: what lies closer to an edge than that touches it only

} // namespace

double TileMatrix::scale_denominator(Crs const& crs) const
{
    return cell_size * crs.metres_per_unit() / rendering_pixel;
}

double cell_size_of(double scale_denominator, Crs const& crs)
{
    return scale_denominator * rendering_pixel / crs.metres_per_unit();
}

TileRange intersect(TileRange const& a, TileRange const& b)
{
    TileRange const both{{std::max(a.first.col, b.first.col), std::max(a.first.row, b.first.row)},
                         {std::min(a.last.col, b.last.col), std::min(a.last.row, b.last.row)}};
    return both.empty() ? TileRange{} : both;
}

TileRange join(TileRange const& a, TileRange const& b)
{
    if (a.empty())
        return b;
    if (b.empty())
        return a;
    return {{std::min(a.first.col, b.first.col), std::min(a.first.row, b.first.row)},
            {std::max(a.last.col, b.last.col), std::max(a.last.row, b.last.row)}};
}

TileRange tiles_of_block(TileIndex block, std::int64_t cols, std::int64_t rows)
{
    TileIndex const first{block.col * cols, block.row * rows};
    return {first, {first.col + cols, first.row + rows}};
}

TileRange blocks_of(TileRange const& tiles, std::int64_t cols, std::int64_t rows)
{
    if (tiles.empty())
        return {};
    return {{tiles.first.col / cols, tiles.first.row / rows},
            {(tiles.last.col - 1) / cols + 1, (tiles.last.row - 1) / rows + 1}};
}

bool is_parent(TileMatrix const& coarse, TileMatrix const& fine)
{
    double const near = 1e-4 * fine.cell_size;
    // Digits that were left out of a cell size add up: at the far corner of the set half a cell is too much.
    double const pixels_across = static_cast<double>(
        std::max(coarse.matrix_width * coarse.tile_width, coarse.matrix_height * coarse.tile_height));
    double const drift = std::abs(coarse.cell_size / fine.cell_size - 2) * pixels_across;
    return drift < 0.5 && std::abs(coarse.cell_size - 2 * fine.cell_size) <= near &&
           std::abs(coarse.origin_x - fine.origin_x) <= near &&
           std::abs(coarse.origin_y - fine.origin_y) <= near && coarse.tile_width == fine.tile_width &&
           coarse.tile_height == fine.tile_height;
}

BoundingBox extent(TileMatrix const& matrix, TileRange const& range)
{
    double const width = matrix.cell_size * matrix.tile_width, height = matrix.cell_size * matrix.tile_height;
    return {matrix.origin_x + width * static_cast<double>(range.first.col),
            matrix.origin_y - height * static_cast<double>(range.last.row),
            matrix.origin_x + width * static_cast<double>(range.last.col),
            matrix.origin_y - height * static_cast<double>(range.first.row)};
}

BoundingBox extent(TileMatrix const& matrix, TileIndex tile)
{
    return extent(matrix, TileRange{tile, {tile.col + 1, tile.row + 1}});
}

TileRange tiles_covering(TileMatrix const& matrix, BoundingBox const& box)
{
    if (box.empty())
        return {};
    double const width = matrix.cell_size * matrix.tile_width, height = matrix.cell_size * matrix.tile_height;
    double const slack = nothing / matrix.tile_width;
    auto const first_col = std::floor((box.min_x - matrix.origin_x) / width + slack);
    auto const last_col = std::ceil((box.max_x - matrix.origin_x) / width - slack);
    auto const first_row = std::floor((matrix.origin_y - box.max_y) / height + slack);
    auto const last_row = std::ceil((matrix.origin_y - box.min_y) / height - slack);
    TileRange const range{
        {clamp_to(first_col, matrix.matrix_width), clamp_to(first_row, matrix.matrix_height)},
        {clamp_to(last_col, matrix.matrix_width), clamp_to(last_row, matrix.matrix_height)}};
    return range.empty() ? TileRange{} : range;
}

TileMatrix const* TileMatrixSet::find(std::string_view matrix_id) const
{
    // In most sets they are called by their numbers.
    if (auto const number = parse_number<std::size_t>(matrix_id);
        number && *number < matrices.size() && matrices[*number].id == matrix_id)
        return &matrices[*number];
    auto const found = std::find_if(matrices.begin(), matrices.end(),
                                    [&](TileMatrix const& matrix) { return matrix.id == matrix_id; });
    return found == matrices.end() ? nullptr : &*found;
}

} // namespace ardoise
