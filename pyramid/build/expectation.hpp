// SPDX-License-Identifier: Apache-2.0
// What a build will take, before it is begun.
#pragma once

#include "pyramid/build/builder.hpp"

#include <optional>

namespace ardoise {

/// Measured, not guessed: blocks of about 1024 x 1024 px in the midst of some of the sources are baked and
/// encoded on this machine as the build would, and what that took is multiplied. It leaves out what is
/// written beside tiles, and how fast the disks are.
struct Expectation {
    struct OfProduct {
        std::string name;
        double bytes = 0;
    };
    std::vector<OfProduct> products;
    double seconds = 0; // on the threads that the options ask for
    double bytes() const;
};

/// Tries up to 8 sources, evenly spread over the list: a few tenths of a second. Nothing when none of them
/// could be read or held data there; the build itself says which one is no good.
std::optional<Expectation> expect(PreparedBuild const& prepared);

/// What would be written if nothing were compressed.
double raw_bytes(PreparedBuild const& prepared);

/// Bytes that may still be written to the disk of `folder`, which need not be there yet.
double free_bytes(std::filesystem::path const& folder);

} // namespace ardoise
