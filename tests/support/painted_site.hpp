// SPDX-License-Identifier: Apache-2.0
// A site over painted pyramids, asked without sockets.
#pragma once

#include "server/services/router.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>

namespace ardoise::test {

/// Layers: "city" (JPEG, RGB, PM levels 0 to 5 around (17..22, 11..15) of level 5, one tile missing at (19,
/// 12)), "grain" (the same ground, with masks and a colour for each pixel), "relief" (float, one channel),
/// "grey" (PNG, one channel), "words" (uint16). Safe to share.
class PaintedSite {
public:
    PaintedSite();
    /// The very same layers, with caches of its own.
    PaintedSite with(CacheSizes const& caches) const { return {folder_, sites_.current(), caches}; }

    /// Answers a target like "/wmts?SERVICE=WMTS..."; work is done at once, and what would be sent is
    /// returned.
    Response get(std::string const& target, std::string const& if_none_match = "") const;
    /// The key of the work that a target is: those who ask for equal keys at a time get one answer. Empty
    /// where it is answered at once.
    std::string key_of(std::string const& target) const;
    Site const& site() const { return *sites_.current(); }

private:
    PaintedSite(std::shared_ptr<TemporaryFolder const> folder, std::shared_ptr<Site const> site,
                CacheSizes const& caches);

    std::shared_ptr<TemporaryFolder const> folder_;
    mutable Caches caches_;
    Published<Site> sites_;
    Router router_;
};

/// The site that all tests of a program share: it is only read.
PaintedSite const& painted_site();

/// A reply, or what comes of its work, which is done at once.
Response done(Reply reply);
std::string text_of(Response const& response);

} // namespace ardoise::test
