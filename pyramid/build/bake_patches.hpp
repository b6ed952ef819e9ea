// SPDX-License-Identifier: Apache-2.0
// Many patches baked by many threads.
#pragma once

#include "pyramid/build/product_builder.hpp"

namespace ardoise {

/// Products that are made together, from one read of the sources.
using ProductBuilders = std::vector<std::unique_ptr<ProductBuilder>>;

/// Whether the product stands in the store as this very build makes it: one that was killed had come that
/// far.
bool is_published(Product const& product, PreparedBuild const& prepared);

/// A builder for each product that is not published.
ProductBuilders builders_for(PreparedBuild const& prepared, BuildScope const& scope);

/// The sources that pixels of `patches` depend on.
std::vector<SourceRecord> sources_under(PreparedBuild const& prepared, std::vector<Patch> const& patches);

/// Bakes those of `patches` that some of `products` still want, and delivers them. The first failure stops
/// all threads and is thrown again; when something was done before, it says that this is kept.
/// It is a failure as well when a source of theirs was changed meanwhile: nobody knows which of its pixels
/// were read.
BakeEffort bake_patches(PreparedBuild const& prepared, std::vector<Patch> const& patches,
                        ProductBuilders const& products, BuildProgress const& on_progress);

/// Publishes every product, all of whose patches have been delivered, with a report beside its slabs.
/// `effort`: of baking them, if this process did it.
BuildReport publish_all(PreparedBuild const& prepared, ProductBuilders const& products,
                        std::optional<BakeEffort> effort);

} // namespace ardoise
