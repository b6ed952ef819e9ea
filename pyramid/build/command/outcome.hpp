// SPDX-License-Identifier: Apache-2.0
// What came out of a build, for the terminal and for machines.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

/// "ortho: 2.1 % holes; PSNR 36.0 dB, 98 % of the sources' detail; STORE/ortho/report.html"
std::string outcome_text(BuildFacts const& facts, std::filesystem::path const& store);

} // namespace ardoise
