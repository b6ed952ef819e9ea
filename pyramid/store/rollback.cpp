// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/rollback.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/store/pyramid_lock.hpp"
#include "pyramid/store/revisions.hpp"

#include <algorithm>
#include <optional>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

std::int64_t revision_before(Pyramid const& pyramid, fs::path const& descriptor)
{
    auto const revisions = revisions_of(descriptor.parent_path(), pyramid.name);
    auto const present = std::lower_bound(revisions.begin(), revisions.end(), pyramid.revision);
    if (present == revisions.begin())
        fail("{}: revision {} is published, and none before it is kept (`ardoise update --keep`)",
             descriptor.string(), pyramid.revision);
    return *std::prev(present);
}

/// The list of an earlier occasion that somebody still waits for.
std::optional<fs::path> owed_list(Pyramid const& present, Pyramid const& earlier)
{
    for (auto const& folder : {present.folder, earlier.folder})
        if (owes_change_list(folder))
            return folder / owed_change_list_name;
    return std::nullopt;
}

/// Nothing where nobody knows, and nobody waits for it.
std::optional<std::vector<ChangedTile>> changes(Pyramid const& present, Pyramid const& earlier, ListIs wanted)
try {
    return changed_tiles(present, earlier);
} catch (Failure const& failure) {
    if (wanted == ListIs::owed)
        fail("{}; nobody knows which tiles the rollback changes: run it without --changed, then purge "
             "everything of this layer once",
             failure.what());
    if (auto const owed = owed_list(present, earlier))
        fail("{}; nobody knows which tiles the rollback changes, and a list is owed: remove {}, run the "
             "command again, then purge everything of this layer once",
             failure.what(), owed->string());
    return std::nullopt;
}

std::vector<ChangedTile> list_changes(Pyramid const& present, Pyramid const& earlier, ListIs wanted)
{
    if (auto const changed = changes(present, earlier, wanted))
        return write_change_list(earlier.folder, present.folder, *changed, wanted);
    write_unknown_changes(earlier.folder);
    return {};
}

} // namespace

RolledBack roll_back(fs::path const& descriptor, TileMatrixSetLibrary const& sets, ListIs change_list)
{
    auto const file = fs::absolute(descriptor);
    auto const store = file.parent_path();
    PyramidLock const lock{store, read_pyramid(file, sets).name};
    auto const present = read_pyramid(file, sets); // what is published since nobody else publishes any more
    auto const earlier = read_revision(store, present.name, revision_before(present, file), sets);
    auto list = list_changes(present, earlier, change_list);
    remove_traces(present.folder); // it was published: its number is never given again
    publish_again(store, earlier.name, earlier.revision);
    settle_change_list(present.folder); // the earlier one's list has taken it in
    return {present.revision, earlier, std::move(list)};
}

} // namespace ardoise
