// SPDX-License-Identifier: Apache-2.0
// Which media types a client takes (RFC 9110, 12.5.1).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ardoise {

/// Whether an Accept header leaves room for one of `media_types` at least; without a header everything is
/// taken. Weights are passed over.
bool accepts_any(std::string_view accept, std::span<std::string_view const> media_types);

/// The place of the one among `media_types` that an Accept header weighs highest, of equals the first: each
/// has the weight of the range that names it most closely. Nothing where the client takes none of them.
std::optional<std::size_t> most_welcome(std::string_view accept,
                                        std::span<std::string_view const> media_types);

} // namespace ardoise
