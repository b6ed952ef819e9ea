// SPDX-License-Identifier: Apache-2.0
// What the service says of itself, and the file of `--config` that it stands in.
#pragma once

#include "server/catalog/inspire.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// Whom to ask, in the words of WMS (OGC 06-042 7.2.4.3, ContactInformation). What is not said is empty.
struct Contact {
    std::string person = {}, organisation = {}, position = {};
    std::string address_type = {}, address = {}, city = {}, state_or_province = {}, post_code = {},
                country = {};
    std::string phone = {}, fax = {}, email = {};
};

struct Provider {
    std::string name = "Ardoise", url = {};
};

struct ServiceDescription {
    /// Of what the service writes into documents and legends where a request names none: a tag (BCP 47).
    std::string language = "en";
    std::string title = "Ardoise";
    std::string abstract = "Orthophotos by WMTS, WMS, TMS, XYZ and OGC API";
    std::vector<std::string> keywords = {};
    Provider provider = {};
    std::optional<Contact> contact = std::nullopt;
    std::string fees = "none", access_constraints = "none";
    /// Names of layers: these come first in WMS, in this order. A map of a group is drawn in it, the first at
    /// the bottom.
    std::vector<std::string> layer_order = {};
    std::optional<InspireDescription> inspire = std::nullopt; // nothing: it is no service of INSPIRE
};

/// What stands in the file of `--config`.
struct Configuration {
    ServiceDescription service;
    std::string public_url; // without a slash at its end; empty: not said
};

/// Throws Failure naming file, key and, for a key that there is none of, its line.
Configuration read_configuration(std::filesystem::path const& file);

class HandwrittenJson;
Configuration parse_configuration(HandwrittenJson const& file);

} // namespace ardoise
