// SPDX-License-Identifier: Apache-2.0
// Heights and how they rise, row after row: what all of relief is made of.
#pragma once

#include "styles/ground.hpp"
#include "styles/relief_loops.hpp"

#include <vector>

namespace ardoise {

/// Goes down the rows of a picture that is smaller than its heights by the ground's margin on each side.
/// Neighbours that are no data count as the middle, so that nothing is lost at edges (as the nodata of
/// `gdaldem -compute_edges`); without a margin what lies beyond the heights is none.
class Gradients {
public:
    /// Heights of one channel of float, which outlive this. `nodata` is none, beside what validity says.
    Gradients(MaskedView heights, Ground const& ground, GradientMethod method, double nodata);

    RasterShape shape() const { return shape_; } // of the picture: one channel
    /// Moves to a row of the picture; the first is row 0, each other the one after that before.
    void go_to(std::int32_t row);
    /// Of this row, and of those that its neighbours are in.
    HeightRows heights() const { return {of(row_ - apart_), of(row_), of(row_ + apart_), apart_}; }
    GradientRow row() { return {east_, south_}; }
    /// Whether all of this row is data, which must not be asked of each pixel then.
    bool is_whole() const { return known_row(row_).is_whole; }
    /// 0 where this row has no data, and elsewhere what the validity of the heights is.
    void write_validity(std::uint8_t* validity) const;

private:
    /// Heights from the first neighbour of the picture's first column on; NaN where there is no data.
    struct KnownRow {
        float const* first = nullptr; // of the data itself where all of it is known, else of the copy
        bool is_whole = false;
        std::vector<float> copy;
    };
    KnownRow const& known_row(std::int32_t row) const;
    float const* of(std::int32_t row) const { return known_row(row).first + apart_; }
    void know(std::int32_t row);
    void copy(KnownRow& to, std::int32_t from) const;

    MaskedView heights_;
    Ground const& ground_;
    GradientMethod method_;
    float nodata_;
    Processor processor_ = this_processor();
    std::int32_t apart_;
    RasterShape shape_;
    std::int32_t row_ = 0, next_;
    std::vector<KnownRow> known_; // as many as reach from one neighbour to the other, in turn
    std::vector<float> east_, south_;
};

} // namespace ardoise
