// SPDX-License-Identifier: Apache-2.0
// In which order people are shown layers.
#pragma once

#include "server/services/site.hpp"

namespace ardoise {

/// Pictures in true colour, then other pictures, then values and vector tiles; of each the newest year that a
/// name tells ("ortho-2022") first, then by name. (When a pyramid was built says nothing of when it was
/// flown.)
LayerList in_order_for_people(LayerList layers);

/// The first of them that a map can show; null where none holds pixels.
std::shared_ptr<Layer const> first_for_maps(LayerList const& layers);

} // namespace ardoise
