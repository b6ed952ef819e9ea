// SPDX-License-Identifier: Apache-2.0
// What makes the server a view service of INSPIRE (Regulation (EC) No 976/2009; Technical Guidance for View
// Services 3.11), as the configuration and the layers' descriptions say it.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace ardoise {

/// What a service says of itself for INSPIRE alone. Either its metadata are a record in a catalogue (scenario
/// 1 of the guidance), or they stand in its capabilities (scenario 2) and the members below the address
/// count.
struct InspireDescription {
    std::string language;                                  // of all texts, ISO 639-2/B: "fre"
    std::string metadata_url;                              // of that record; empty: there is none
    std::string metadata_date = {}, publication_date = {}; // yyyy-MM-dd
    std::string conformity = "notEvaluated"; // with Regulation 976/2009; or conformant, notConformant

    bool has_record() const { return !metadata_url.empty(); }
};

class HandwrittenJson;
class JsonReader;
/// Throws Failure naming file and key.
InspireDescription parse_inspire_description(HandwrittenJson const& file, JsonReader const& json);

struct CatalogOptions;
struct Layer;
struct Trouble;
/// Harmonised names that would mean two layers, and, where the service is one of INSPIRE, what layers with
/// such a name leave unsaid that the guidance wants said.
std::vector<Trouble> inspire_troubles(CatalogOptions const& options,
                                      std::vector<std::shared_ptr<Layer const>> const& layers);

} // namespace ardoise
