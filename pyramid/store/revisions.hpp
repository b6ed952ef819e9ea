// SPDX-License-Identifier: Apache-2.0
// The revisions of a pyramid that a store keeps: each in a folder of its own, one of them published.
#pragma once

#include "pyramid/store/checksums.hpp"
#include "pyramid/store/pyramid.hpp"

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
/// Of a styled pyramid: the slab files of the pyramid that its pictures were drawn from, as checksums.txt has
/// them.
inline constexpr char const* drawn_from_name = "drawn_from.txt";
/// And what is there for people: of no checksum, as it tells of one run.
inline constexpr char const *report_name = "report.html", *preview_name = "preview.png";

/// STORE/NAME.json, which says what is published.
std::filesystem::path descriptor_file(std::filesystem::path const& store, std::string const& name);
/// STORE/NAME.list.
std::filesystem::path list_file(std::filesystem::path const& store, std::string const& name);
/// The text of that: where the pyramid lies, and each of its slabs, as ROK4's tools want it.
std::string slab_list(std::filesystem::path const& folder, std::vector<SlabChecksum> const& files);

/// The numbers of all revisions whose files are there, ascending; the published one is among them.
std::vector<std::int64_t> revisions_of(std::filesystem::path const& store, std::string const& name);

/// One of them, as it was published. `store`: absolute. Throws as read_pyramid does.
Pyramid read_revision(std::filesystem::path const& store, std::string const& name, std::int64_t revision,
                      TileMatrixSetLibrary const& sets);

/// Whether the descriptor speaks of that revision. One that cannot be read speaks of every revision: nothing
/// that it may speak of is touched.
bool is_named(std::filesystem::path const& store, std::string const& name, std::int64_t revision);

/// Whether the first revision stands published just as a build by this recipe has left it.
bool is_published(std::filesystem::path const& store, std::string const& name, std::string const& recipe);

/// Whether a revision has all its files and was killed before a descriptor spoke of it: a writer of that
/// revision and of the same recipe goes on in it.
bool was_never_published(std::filesystem::path const& store, std::string const& name, std::int64_t revision);

/// Whether the folder STORE/NAME, of which no descriptor speaks, is what a pyramid has left.
bool is_left_by_a_pyramid(std::filesystem::path const& store, std::string const& name);

/// The journals in a folder, in the order of their names: one of each process that worked there.
std::vector<std::filesystem::path> journals_in(std::filesystem::path const& folder);

/// How far to look: in the folder itself, or in all folders below it, too.
enum class Depth { folder, tree };
/// Removes files to which a killed process had not given their names yet.
void remove_unpublished_parts(std::filesystem::path const& folder, Depth depth);

/// Removes what work leaves in a revision's folder and nobody needs once the descriptor speaks of it.
void remove_traces(std::filesystem::path const& folder);

/// Publishes an earlier revision again: its list and its descriptor take the place of the present ones.
/// Throws Failure when its files are not there.
void publish_again(std::filesystem::path const& store, std::string const& name, std::int64_t revision);

/// Removes a revision's files, all at once to those who read it. Hard links in other revisions keep what they
/// share.
void remove_revision(std::filesystem::path const& store, std::string const& name, std::int64_t revision);
/// Whether it is what a kill left of that.
bool is_half_removed(std::filesystem::path const& path);

/// The number of the revision to follow `published`: after all others, or that of one that was killed on its
/// last step, which is gone on with.
std::int64_t next_revision(std::filesystem::path const& store, std::string const& name,
                           std::int64_t published);
/// Removes all but the `keep` latest up to `published`, that one among them, and those that were rolled back,
/// between it and the one `before` it. So goes what is left of one whose removal was killed.
void remove_old_revisions(std::filesystem::path const& store, std::string const& name, std::int64_t before,
                          std::int64_t published, std::size_t keep);

} // namespace ardoise
