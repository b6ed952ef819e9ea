// SPDX-License-Identifier: Apache-2.0
// The style of a classified pyramid that brings its own colours and labels.
#pragma once

#include "pyramid/store/pyramid.hpp"
#include "styles/style.hpp"

namespace ardoise {

/// "classes": what the sources' palette says, as the builder has kept it. Of a pyramid that has classes.
Style class_style(Pyramid const& pyramid);

} // namespace ardoise
