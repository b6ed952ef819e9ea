// SPDX-License-Identifier: Apache-2.0
// A series as a layer: its members, the values that they are chosen by, and the ground of all.
#pragma once

#include "server/catalog/layer.hpp"
#include "server/catalog/series.hpp"

#include <map>

namespace ardoise {

/// A mistake in a series that the rest of it does not suffer from.
struct SeriesMistake {
    std::string consequence, reason; // "member left out"; with the key that it is about
};

/// A series with its members, and the pyramid that stands for all of them in documents: the default's, with
/// the levels and the ground of all. Its slabs are none that anybody should read.
struct SeriesFrame {
    Series series;
    Pyramid pyramid;
    std::vector<SeriesMistake> mistakes;
};

/// Finds the members among `layers`. One that is not there, or does not go with the first of them (tile
/// matrix set, channels, type of values), is left out as a mistake. Throws Failure when none is left, and
/// when an alias means nothing.
SeriesFrame frame_series(std::string const& name, SeriesDescription description, LayersByName const& layers);

/// Completes the layer. Where its description says no styles, it has those of the default member, and the
/// unit of its values in any case; it is offered in the sets that all members are offered in.
std::shared_ptr<Layer const> make_series_layer(SeriesFrame frame, LayerDescription description,
                                               Offer const& further, Layer const* before);

} // namespace ardoise
