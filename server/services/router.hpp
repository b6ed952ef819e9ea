// SPDX-License-Identifier: Apache-2.0
// Addresses to services: the table of the public listener.
#pragma once

#include "cache/slab_cache.hpp"
#include "server/catalog/published.hpp"
#include "server/services/site.hpp"

namespace ardoise {

/// Answers any request on the site that is current when it comes. Safe to share; `sites` and `slabs` must
/// outlive it and all work that it handed out.
class Router {
public:
    Router(Published<Site> const& sites, SlabCache& slabs) : sites_{sites}, slabs_{slabs} {}
    Reply operator()(Request const& request) const;

private:
    Published<Site> const& sites_;
    SlabCache& slabs_;
};

} // namespace ardoise
