// SPDX-License-Identifier: Apache-2.0
// What is said of a layer beside its pyramid: STORE/layers/NAME.json, after ROK4's layer descriptor.
#pragma once

#include "pyramid/base/handwritten_json.hpp"
#include "pyramid/store/pyramid.hpp"
#include "server/catalog/layer_styles.hpp"

#include <optional>

namespace ardoise {

struct Logo {
    std::int64_t width = 0, height = 0; // pixels
    std::string format, url;
};

struct Attribution {
    std::string title, url;
    std::optional<Logo> logo;
};

/// Who gives layers their identifiers.
struct Authority {
    std::string name, url; // the name is one word
};

/// A document about a layer, elsewhere.
struct DocumentLink {
    std::string type; // the standard that metadata follow, one word: "ISO19115:2003"; of data none
    std::string format, url;
};

/// A value; all of it is checked against the pyramid that it speaks of. What is not said is empty.
struct LayerDescription {
    std::string title, abstract;
    std::vector<std::string> keywords;
    std::optional<Attribution> attribution;
    std::optional<Authority> authority;
    std::string identifier;   // the layer's own, by that authority
    std::string inspire_name; // harmonised by Regulation (EU) No 1089/2010: "OI.OrthoimageCoverage"
    std::vector<DocumentLink> metadata, data;
    std::string group;                          // path of titles: "Orthophotos/2022"
    std::optional<double> min_scale, max_scale; // denominators between which the layer is meant to be shown
    std::vector<LayerStyle> styles;             // the first is the default
    std::optional<BoundingBox> bbox;            // degrees; tiles beside it are not published
    std::vector<Crs> extra_crs;
    std::vector<std::shared_ptr<TileMatrixSet const>> extra_sets;
    /// Whether WMTS has empty tiles beside the limits, as XYZ has, instead of TileOutOfRange: for clients
    /// that know an address and no limits.
    bool empty_outside_limits = false;
    bool is_queryable = true; // whether GetFeatureInfo tells its values
    std::string unit;         // of these: "m", "mm/h"
};

/// What a description may name.
struct DescriptionSources {
    TileMatrixSetLibrary const& sets;
    StyleSources styles;
};

/// Throws Failure naming file, key and, for a key that there is none of, its line.
LayerDescription parse_layer_description(HandwrittenJson const& file, Pyramid const& pyramid,
                                         DescriptionSources const& sources);

} // namespace ardoise
