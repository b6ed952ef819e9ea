// SPDX-License-Identifier: Apache-2.0
// FORMAT where it asks for a document: in which format that document is to publish tiles.
#pragma once

#include "server/catalog/layer.hpp"
#include "server/exchange/request.hpp"

#include <optional>
#include <string_view>

namespace ardoise {

struct PublishedFormat {
    std::string_view media_type, extension; // "image/png", "png"
};

/// PNG, JPEG or WebP; nothing where FORMAT is absent or says anything else, as the document's own media type.
std::optional<PublishedFormat> chosen_format(Query const& query);

/// That in which a document publishes the layer's tiles: what was chosen, if the layer has it, or its own.
PublishedFormat tile_format(Layer const& layer, std::optional<PublishedFormat> const& chosen);

} // namespace ardoise
