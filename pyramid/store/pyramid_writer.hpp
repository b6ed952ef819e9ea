// SPDX-License-Identifier: Apache-2.0
// One revision of a pyramid on its way into the store.
#pragma once

#include "pyramid/store/pyramid_lock.hpp"
#include "pyramid/store/revisions.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

namespace ardoise {

/// What a writer is there for.
enum class Purpose {
    revision, // to publish one, all of whose slabs it writes
    piece,    // to write slabs of one that another process publishes; others may do so at the same time
    repair    // to make files of a published one anew; who repairs puts them in their places
};

/// Throws Failure when `name` will not do for a pyramid.
void check_name(std::string const& name);
/// Throws Failure: the store has a pyramid of that name.
[[noreturn]] void refuse_taken_name(std::filesystem::path const& store, std::string const& name);
/// Throws Failure as both do.
void check_new_name(std::filesystem::path const& store, std::string const& name);

/// Slabs are written in a hidden folder, STORE/.NAME.building, which takes the revision's name when all are
/// there; list and checksums go with it, the descriptor comes last. Who is killed leaves that folder behind:
/// a writer with the same recipe goes on in it, one with another recipe clears it. Repairs have a folder of
/// their own, STORE/.NAME.repairing, so that an update that was killed can still be gone on with. While a
/// writer lives it has the pyramid's lock. write() and adopt() are safe to call from several threads.
class PyramidWriter {
public:
    /// `pyramid`: name, revision, set, format and levels; directories are the writer's. `recipe` says what
    /// the slabs are made from: same recipe, same slabs. Throws Failure when another process is at it; for a
    /// piece, when nobody who was alone has begun by this recipe.
    PyramidWriter(std::filesystem::path store, Pyramid pyramid, std::string const& recipe,
                  Purpose purpose = Purpose::revision);
    /// What was not published is removed, unless keep() was called or it was there before.
    ~PyramidWriter();
    PyramidWriter(PyramidWriter const&) = delete;
    PyramidWriter& operator=(PyramidWriter const&) = delete;

    Pyramid const& pyramid() const { return pyramid_; }
    /// The hidden folder.
    std::filesystem::path const& folder() const { return building_; }
    /// From now on what is done stays when the work fails; or it does not.
    void keep(bool kept = true) { kept_ = kept; }

    /// Writes one file of a slab. It takes its place at once, and reaches the disk before publish() ends.
    SlabChecksum write(char const* kind, Level const& level, TileIndex slab, ByteView bytes);
    /// Takes over a file that was written before, in this folder. False when it is not there as it should be.
    bool adopt(SlabChecksum const& written);
    /// Takes over a file of another revision, without copying it where hard links can be made.
    void link(std::filesystem::path const& other_folder, SlabChecksum const& file);

    /// Limits and channels as they turned out, for those who learn them while they write. One thread, before
    /// publish().
    void set_limits(std::size_t level, TileRange limits) { pyramid_.levels[level].limits = limits; }
    void set_channels(std::int32_t channels);

    /// Files that have been written or taken over, by their names; while nobody writes.
    std::vector<SlabChecksum> files() const;
    bool empty() const { return written_.empty(); }

    struct Published {
        std::size_t slabs = 0; // files of any kind
        std::uint64_t bytes = 0;
    };
    /// Publishes; nothing may be written any more. `members` go into the descriptor under "ardoise", beside
    /// revision, creation time and checksums.
    Published publish(Json members);

private:
    void start(std::string const& recipe, Purpose purpose);
    void discard_unless_kept();
    void take_over_unpublished();
    void take_name();
    void write_list_and_descriptor(std::vector<SlabChecksum> const& files, std::string const& descriptor);
    void give_name_back(std::optional<std::string> const& list_before);
    std::filesystem::path final_folder() const;
    std::filesystem::path list_file() const { return ardoise::list_file(store_, pyramid_.name); }
    std::filesystem::path descriptor_file() const { return ardoise::descriptor_file(store_, pyramid_.name); }
    bool has_masks() const;
    void make_mask_folders();
    std::string descriptor_text(Json members);

    std::filesystem::path store_, building_;
    PyramidLock lock_;
    Pyramid pyramid_;
    bool published_ = false;
    std::atomic<bool> kept_{false};

    std::mutex mutex_; // of what follows
    std::map<std::string, SlabChecksum> written_;
};

/// Where the next revision of a pyramid is being written.
std::filesystem::path building_folder(std::filesystem::path const& store, std::string const& name);
/// Where a repair makes files of a pyramid anew.
std::filesystem::path repair_folder(std::filesystem::path const& store, std::string const& name);

/// A set that we do not ship goes with the pyramids, so that every reader of the store finds it. It is
/// written in `scratch`, a folder of the store.
void publish_set(std::filesystem::path const& store, TileMatrixSet const& set,
                 std::filesystem::path const& scratch);

} // namespace ardoise
