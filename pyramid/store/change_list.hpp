// SPDX-License-Identifier: Apache-2.0
// What caches elsewhere must forget when a revision is published: a list that lies in its folder before
// readers see the revision, so that a kill loses nothing of it.
#pragma once

#include "pyramid/store/changes.hpp"

namespace ardoise {

/// The list's name: a tile a line, as LEVEL/COL/ROW. While somebody waits for it, it has the other name.
inline constexpr char const *change_list_name = "changed.txt", *owed_change_list_name = "changed.owed.txt";

/// Whether who publishes a revision wants the list. It is owed from then on until it was handed over; where
/// the next revision comes first, its list takes in what the one before still owes.
enum class ListIs { kept, owed };

/// Whether somebody asked for the list of the revision in `folder` and did not get it yet.
bool owes_change_list(std::filesystem::path const& folder);

/// Writes the list of a revision that is about to be published in the place of the one in `folder_before`,
/// whose debt it takes over (settle that one when the revision is published). Returns the list.
std::vector<ChangedTile> write_change_list(std::filesystem::path const& folder,
                                           std::filesystem::path const& folder_before,
                                           std::vector<ChangedTile> const& changed, ListIs wanted);
/// Says instead that nobody knows what changed: no list is better than that of another occasion.
void write_unknown_changes(std::filesystem::path const& folder);

/// Throws Failure where nobody knows what changed: where that was written, or no list is there.
std::vector<ChangedTile> read_change_list(std::filesystem::path const& folder);

/// The list of a published revision. Empty where that is the first one, as it was built: it took no other
/// one's place. Throws Failure as read_change_list does, and when the revision is not there any more.
std::vector<ChangedTile> change_list_of(Pyramid const& published);

/// The list has been handed over, or its debt taken over.
void settle_change_list(std::filesystem::path const& folder);

} // namespace ardoise
