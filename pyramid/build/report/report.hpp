// SPDX-License-Identifier: Apache-2.0
// report.html and preview.png: what was built, for people, beside the slabs.
#pragma once

#include "pyramid/build/product_builder.hpp"

namespace ardoise {

/// Writes both in the folder of the slabs, all of which are there; no preview where there is none
/// (compose_preview).
BuildFacts write_report(ProductBuilder const& product, PreparedBuild const& prepared,
                        std::optional<BakeEffort> effort);

} // namespace ardoise
