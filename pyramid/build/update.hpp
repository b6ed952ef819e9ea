// SPDX-License-Identifier: Apache-2.0
// A published pyramid brought up to date with its sources.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/store/change_list.hpp"

namespace ardoise {

struct UpdateOptions {
    std::filesystem::path descriptor;
    std::vector<std::string> more_sources; // beside those that the pyramid was made from
    /// A named file or folder that is not there any more takes its pixels with it, and so does a folder
    /// without any image. Else it is a failure: a disk that is not mounted must not empty a pyramid.
    bool forget_missing = false;
    unsigned jobs = 0;                             // threads; 0: one a core
    std::uint64_t memory = std::uint64_t{1} << 30; // bytes, all threads together
    std::size_t keep = 2;                          // revisions that stay, the new one among them
    ListIs change_list = ListIs::kept;
};

/// What an update will do: known before any pixel is read.
struct PreparedUpdate {
    UpdateOptions options;
    Pyramid before;
    PreparedBuild build;
    std::size_t added = 0, replaced = 0, removed = 0; // sources
    std::vector<Patch> patches;                       // to be baked anew
    std::int64_t revision = 2;

    bool nothing_to_do() const { return added + replaced + removed == 0; }
};

/// Compares the sources with the recipe. Throws Failure when the pyramid has no recipe, when a named source
/// is missing, or when none is left.
PreparedUpdate prepare_update(UpdateOptions options, TileMatrixSetLibrary const& sets);

struct UpdateReport {
    std::size_t slabs = 0; // files of the new revision
    std::uint64_t bytes = 0;
    BuildFacts facts;
    std::vector<ChangedTile> changed;
    std::vector<ChangedTile> change_list; // the same, and what the revision before owed
    Pyramid published;
};

/// Bakes the patches that changed sources touch, makes their ancestors from them and from what stands, and
/// publishes a revision in which all else is hard links, with a list of the tiles that changed in its folder;
/// then removes revisions beyond those to keep. The result is to the byte what a build of all sources would
/// be. Until it ends readers see the old revision, from then on the new one.
UpdateReport update(PreparedUpdate const& prepared, BuildProgress const& on_progress);

/// The list of the revision that is published, once more: where there is nothing to do, somebody may not have
/// got it. Throws Failure when another process works on the pyramid or has published another revision, and
/// where nobody knows what changed.
std::vector<ChangedTile> last_change_list(PreparedUpdate const& prepared);

} // namespace ardoise
