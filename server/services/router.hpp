// SPDX-License-Identifier: Apache-2.0
// Addresses to services: the table of the public listener.
#pragma once

#include "cache/caches.hpp"
#include "server/catalog/published.hpp"
#include "server/services/gone_slabs.hpp"
#include "server/services/site.hpp"

#include <functional>
#include <memory>

namespace ardoise {

/// Answers any request on the site that is current when it comes. Safe to share; `sites` and `caches` must
/// outlive it and all work that it handed out. `when_slabs_are_gone` is called, from any thread, when a
/// request needed slabs whose folder is not there any more: it had better see what is published now.
class Router {
public:
    Router(
        Published<Site> const& sites, Caches& caches, std::function<void()> when_slabs_are_gone = [] {})
        : sites_{sites}, caches_{caches}, gone_slabs_{
                                              std::make_shared<GoneSlabs>(std::move(when_slabs_are_gone))}
    {
    }
    Reply operator()(Request const& request) const;

private:
    Published<Site> const& sites_;
    Caches& caches_;
    std::shared_ptr<GoneSlabs> gone_slabs_;
};

} // namespace ardoise
