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

/// Writes the list of a revision that is about to be published in the place of the one in `folder_before`.
void write_change_list(std::filesystem::path const& folder, std::filesystem::path const& folder_before,
                       std::vector<ChangedTile> const& changed, ListIs wanted);

/// Empty where the folder has none: that revision was built, and has not taken another one's place.
std::vector<ChangedTile> read_change_list(std::filesystem::path const& folder);

/// The list has been handed over.
void settle_change_list(std::filesystem::path const& folder);

/// Nobody knows what changed: no list is better than that of another occasion.
void remove_change_list(std::filesystem::path const& folder);

} // namespace ardoise
