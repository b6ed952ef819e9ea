// SPDX-License-Identifier: Apache-2.0
// Pyramids that leave for an archive and come back.
#pragma once

#include "pyramid/archive/exporter.hpp"
#include "pyramid/archive/importer.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <map>
#include <string>

namespace ardoise::test {

/// Every stored tile of a pyramid, "z/x/y" to bytes.
std::map<std::string, std::string> tiles_of(Pyramid const& pyramid);

/// The descriptor's "ardoise" and the pyramid that it describes.
Pyramid pyramid_in(std::filesystem::path const& store, std::string const& name);
ArchiveMetadata metadata_of(std::filesystem::path const& store, std::string const& name);

/// Exports with nothing said but the address.
ExportReport export_to(std::string const& address, Pyramid const& pyramid, ArchiveMetadata metadata = {});
/// Imports into `store` on the set PM unless another is named.
ImportReport import_from(std::string const& address, std::filesystem::path const& store,
                         std::string const& name, std::string const& set = "PM", SlabSize slab = {});

/// Writes DIR/z/x/y.ext files from "z/x/y.ext" and bytes.
void write_files(std::filesystem::path const& folder, std::map<std::string, std::string> const& files);

/// A PNG of one colour.
std::string png_tile(std::int32_t side = 256, std::int32_t channels = 3);

} // namespace ardoise::test
