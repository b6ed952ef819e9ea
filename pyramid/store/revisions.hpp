// SPDX-License-Identifier: Apache-2.0
// The revisions of a pyramid that a store keeps: each in a folder of its own, one of them published.
#pragma once

#include "pyramid/store/pyramid.hpp"

namespace ardoise {

/// The numbers of all revisions whose files are there, ascending; the published one is among them.
std::vector<std::int64_t> revisions_of(std::filesystem::path const& store, std::string const& name);

/// Publishes an earlier revision again: its list and its descriptor take the place of the present ones.
/// Throws Failure when its files are not there.
void publish_again(std::filesystem::path const& store, std::string const& name, std::int64_t revision);

/// Removes a revision's files. Hard links in other revisions keep what they share.
void remove_revision(std::filesystem::path const& store, std::string const& name, std::int64_t revision);

} // namespace ardoise
