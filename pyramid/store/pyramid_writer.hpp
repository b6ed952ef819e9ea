// SPDX-License-Identifier: Apache-2.0
// One revision of a pyramid on its way into the store.
#pragma once

#include "pyramid/store/checksums.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

namespace ardoise {

/// The three files that a slab may have, each in a folder of its own below the revision's.
namespace slab_kind {
inline constexpr char const *data = "DATA", *mask = "MASK";
/// The lossless twin of a slab with lossy tiles; what parents are made from when only some of their children
/// change. Only the coarse levels have it.
inline constexpr char const* exact = "EXACT";
} // namespace slab_kind

/// Names of files inside a revision's folder: what it was made from, the descriptor as it was published, and
/// (while the work goes on) what has been done.
inline constexpr char const *recipe_name = "recipe.json", *descriptor_copy_name = "descriptor.json",
                            *journal_prefix = "journal";
/// And what is there for people: of no checksum, as it tells of one run.
inline constexpr char const *report_name = "report.html", *preview_name = "preview.png";

/// Whether others may write slabs of the same revision at the same time, each in a process of its own.
enum class Sharing { alone, with_others };

/// Throws Failure when `name` will not do for a pyramid.
void check_name(std::string const& name);
/// The same, and when the store has a pyramid of that name.
void check_new_name(std::filesystem::path const& store, std::string const& name);

/// Slabs are written in the hidden folder STORE/.NAME.building, which takes the revision's name when all are
/// there; list and checksums go with it, the descriptor comes last. Who is killed leaves that folder behind:
/// a writer with the same recipe goes on in it, one with another recipe clears it. write() and adopt() are
/// safe to call from several threads.
class PyramidWriter {
public:
    /// `pyramid`: name, revision, set, format and levels; directories are the writer's. `recipe` says what
    /// the slabs are made from: same recipe, same slabs. Throws Failure when another process is at it; with
    /// others, when nobody who was alone has begun by this recipe.
    PyramidWriter(std::filesystem::path store, Pyramid pyramid, std::string const& recipe,
                  Sharing sharing = Sharing::alone);
    /// What was not published is removed, unless keep() was called or it was there before.
    ~PyramidWriter();
    PyramidWriter(PyramidWriter const&) = delete;
    PyramidWriter& operator=(PyramidWriter const&) = delete;

    Pyramid const& pyramid() const { return pyramid_; }
    /// The hidden folder.
    std::filesystem::path const& folder() const { return building_; }
    /// Whether somebody has worked in the hidden folder before, by the same recipe.
    bool resumes() const { return resumes_; }
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
    void start(std::string const& recipe, Sharing sharing);
    void discard_unless_kept();
    void take_over_unpublished();
    void take_name();
    void write_list_and_descriptor(std::vector<SlabChecksum> const& files, std::string const& descriptor);
    void give_name_back(std::optional<std::string> const& list_before);
    std::filesystem::path final_folder() const;
    std::filesystem::path list_file() const;
    std::filesystem::path descriptor_file() const;
    std::string descriptor_text(Json members);

    std::filesystem::path store_, building_;
    Pyramid pyramid_;
    bool store_was_there_ = true, resumes_ = false, published_ = false;
    std::atomic<bool> kept_{false};
    int lock_ = -1;

    std::mutex mutex_; // of what follows
    std::map<std::string, SlabChecksum> written_;
};

/// Where the next revision of a pyramid is being written.
std::filesystem::path unpublished_folder(std::filesystem::path const& store, std::string const& name);

/// What a revision's folder says it was made from; empty where it says nothing.
std::string recipe_text(std::filesystem::path const& folder);

/// Whether the first revision stands published just as a build by this recipe has left it.
bool is_published(std::filesystem::path const& store, std::string const& name, std::string const& recipe);

/// Whether a revision has all its files and was killed before a descriptor spoke of it: a writer of that
/// revision and of the same recipe goes on in it.
bool was_never_published(std::filesystem::path const& store, std::string const& name, std::int64_t revision);

/// The text of NAME.list: where the pyramid lies, and each of its slabs, as ROK4's tools want it.
std::string slab_list(std::filesystem::path const& folder, std::vector<SlabChecksum> const& files);

} // namespace ardoise
