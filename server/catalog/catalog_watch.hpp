// SPDX-License-Identifier: Apache-2.0
// Whether what a catalog was read from has changed since.
#pragma once

#include "server/catalog/catalog_files.hpp"

#include <optional>

namespace ardoise {

/// Looks at the files; somebody else says when. It asks for each change once: a descriptor that cannot be
/// read is read again when it changes again. Belongs to one thread at a time.
class CatalogWatch {
public:
    explicit CatalogWatch(CatalogOptions options) : options_{std::move(options)} {}

    /// To be called before the catalog is read: what changes while that goes on shows at the next look.
    void remember();

    /// Whether the files differ from those that are remembered.
    bool sees_change();
    /// The same, once they are as they were at the look before: a descriptor that is being copied is not read
    /// half. Where they never come to rest, as with thousands of updates in a row, after a dozen looks.
    bool sees_settled_change();

private:
    using Traces = std::optional<std::vector<FileTrace>>; // nothing: the disk does not answer
    Traces look();
    bool is_change(Traces const& now) const { return now && now != remembered_; }

    CatalogOptions options_;
    Traces remembered_, last_seen_;
    int looks_without_rest_ = 0;
    bool is_blind_ = false;
};

} // namespace ardoise
