// SPDX-License-Identifier: Apache-2.0
// --changed FILE, of the commands that publish: the addresses that a CDN must forget.
#pragma once

#include "pyramid/build/command/command_line.hpp"
#include "pyramid/store/change_list.hpp"
#include "pyramid/store/pyramid.hpp"

namespace ardoise {

void add_changed_option(CommandLine& line);

/// Whether the list is asked for. Throws Failure when it is, and its file cannot be written.
ListIs change_list_in(boost::program_options::variables_map const& values);

/// Writes that list of a published revision into the file, if it is asked for. `again` is the command that
/// does so once more, for the remedy.
void hand_over_change_list(boost::program_options::variables_map const& values, Pyramid const& published,
                           std::vector<ChangedTile> const& list, std::string const& again);
/// Of a pyramid that is built from sources.
std::string command_for_last_list(std::filesystem::path const& descriptor);

} // namespace ardoise
