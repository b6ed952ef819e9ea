// SPDX-License-Identifier: Apache-2.0
#include "styles/gradients.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace ardoise {

namespace {

constexpr float no_data = std::numeric_limits<float>::quiet_NaN();

} // namespace

Gradients::Gradients(MaskedView heights, Ground const& ground, GradientMethod method, double nodata)
    : heights_{heights}, ground_{ground}, method_{method}, nodata_{static_cast<float>(nodata)},
      apart_{std::max(1, ground.margin)}, shape_{heights.pixels.shape.width - 2 * ground.margin,
                                                 heights.pixels.shape.height - 2 * ground.margin},
      next_{-apart_}, known_(static_cast<std::size_t>(2 * apart_ + 1)),
      east_(static_cast<std::size_t>(shape_.width)), south_(east_.size())
{
}

Gradients::KnownRow const& Gradients::known_row(std::int32_t row) const
{
    return known_[static_cast<std::size_t>(row + apart_) % known_.size()];
}

/// `row` is one of the picture, or less than what is looked at above it or below.
void Gradients::know(std::int32_t row)
{
    auto& to = known_[static_cast<std::size_t>(row + apart_) % known_.size()];
    auto const from = row + ground_.margin;
    bool const is_there = from >= 0 && from < heights_.pixels.shape.height;
    auto const width = static_cast<std::size_t>(heights_.pixels.shape.width);
    to.is_whole = is_there && heights_.all_valid() &&
                  are_known(processor_, {heights_.pixels.row<float>(from), width}, nodata_);
    if (to.is_whole && ground_.margin == apart_)
        to.first = heights_.pixels.row<float>(from);
    else
        copy(to, is_there ? from : -1);
}

/// Of a row of the heights, -1 for one that is not there; with nothing on both sides where there is no
/// margin.
void Gradients::copy(KnownRow& to, std::int32_t from) const
{
    auto const beyond = static_cast<std::size_t>(apart_ - ground_.margin);
    auto const width = static_cast<std::size_t>(heights_.pixels.shape.width);
    to.copy.assign(width + 2 * beyond, no_data);
    to.first = to.copy.data();
    if (from >= 0)
        take_known(processor_, heights_.pixels.row<float>(from),
                   heights_.all_valid() ? nullptr : heights_.validity.row(from), nodata_,
                   std::span{to.copy}.subspan(beyond, width));
}

void Gradients::go_to(std::int32_t row)
{
    row_ = row;
    for (; next_ <= row + apart_; ++next_)
        know(next_);
    auto const [width, height] = ground_.pixel_at(row);
    take_gradients(processor_, method_, heights(), width * apart_, height * apart_, this->row());
}

void Gradients::write_validity(std::uint8_t* validity) const
{
    auto const* const stated =
        heights_.all_valid() ? nullptr : heights_.validity.row(row_ + ground_.margin) + ground_.margin;
    auto const* const here = of(row_);
    for (std::int32_t x = 0; x < shape_.width; ++x) {
        int const share = stated ? stated[x] : 255;
        validity[x] = static_cast<std::uint8_t>(here[x] == here[x] ? share : 0);
    }
}

} // namespace ardoise
