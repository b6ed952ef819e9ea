// SPDX-License-Identifier: Apache-2.0
// The font file carried inside the binary: DejaVu Sans, whose licence lets programs carry it.
#pragma once

#include "pyramid/base/bytes.hpp"

namespace ardoise {

/// TrueType, for as long as the program runs.
ByteView font_file();

} // namespace ardoise
