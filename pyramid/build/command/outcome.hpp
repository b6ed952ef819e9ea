// SPDX-License-Identifier: Apache-2.0
// What came out of a build, for the terminal and for machines.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

/// "ortho: 2.10 % of the delivered ground has no data; PSNR 36.0 dB, 98.0 % of the detail that the sources
/// have at 0.05 m a pixel; STORE/ortho/report.html"
std::string outcome_text(BuildFacts const& facts, std::filesystem::path const& store);

/// "35 slabs, 83 files with masks and lossless twins, 12.1 MB": of all `products` together.
std::string written_text(std::vector<BuildFacts> const& products, std::size_t files, std::uint64_t bytes);

} // namespace ardoise
