// SPDX-License-Identifier: Apache-2.0
// Bytes in a file without a name, from whose pages they are sent.
#pragma once

#include "pyramid/base/bytes.hpp"

namespace ardoise {

/// Bodies of so many bytes are sent from their file, where they have one; smaller ones are in the socket's
/// buffers before the pages of a file are looked up (bench/README.md).
inline constexpr std::size_t smallest_sent_from_file = 32 << 10;

/// Each takes a descriptor of those that main.cpp leaves for all but connections and slabs. The documents of
/// two sites, as there are while a catalog is read anew, take some twenty.
inline constexpr int most_memory_files = 32;

/// The same bytes with a place: in a file in memory (memfd_create) that nobody can change, closed with the
/// last who holds it. As they are where they are too few to be sent from there, or no file is to be had.
SharedBytes in_memory_file(SharedBytes bytes);

} // namespace ardoise
