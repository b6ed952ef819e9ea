// SPDX-License-Identifier: Apache-2.0
// All that is published at one moment.
#pragma once

#include "pyramid/base/letter_case.hpp"
#include "server/catalog/groups.hpp"
#include "server/catalog/service_description.hpp"

#include <filesystem>
#include <map>
#include <unordered_map>

namespace ardoise {

/// Where the catalog comes from, and what is said of the service as a whole.
struct CatalogOptions {
    std::filesystem::path store;
    std::vector<std::filesystem::path> tile_matrix_set_folders;
    std::string public_url; // "https://ortho.example.fr": written into documents, never taken from a request
    ServiceDescription service;
    std::filesystem::path configuration; // the file that said so; empty: none
};

/// A file that could not be used, and what came of that.
struct Trouble {
    std::string consequence; // "layer left out"
    std::filesystem::path file;
    std::string reason;
};

/// Immutable: safe to share. A new one replaces it whole.
class Catalog {
public:
    Catalog(CatalogOptions options, std::vector<std::shared_ptr<Layer const>> layers,
            std::vector<Trouble> troubles = {}, std::int64_t update_sequence = 0,
            std::shared_ptr<StyleLibrary const> styles = nullptr);

    CatalogOptions const& options() const { return options_; }
    /// Those that are listed, by name: all but members that a series hides.
    std::vector<std::shared_ptr<Layer const>> const& layers() const { return layers_; }
    /// Listed or not; null when there is none of that name.
    std::shared_ptr<Layer const> find_layer(std::string_view name) const;
    /// By its harmonised name in INSPIRE; null when there is none. No layer's own name is another's
    /// harmonised one.
    std::shared_ptr<Layer const> find_by_inspire_name(std::string_view name) const;
    /// The tree of groups; layers that the service orders come first in theirs, the others by name.
    LayerGroup const& groups() const { return groups_; }
    /// The same with the layers of one group and no others, as a service of its own at `public_url`. Groups
    /// within it have the names that they have here.
    Catalog part(LayerGroup const& group, std::string public_url) const;
    /// That its layers were given styles from; null where nobody said.
    StyleLibrary const* styles() const { return styles_.get(); }
    /// What went wrong as it was read.
    std::vector<Trouble> const& troubles() const { return troubles_; }
    /// The system that a client means, among those that some layer is offered in: by code (in any case), URN
    /// or URI, and by codes of equal systems (crs_names.hpp). No string of a client goes any further.
    Crs const* find_crs(std::string_view name) const;
    /// Systems that every layer is offered in.
    std::vector<Crs> const& common_crs() const { return common_crs_; }
    /// Higher with each change of the files that it is read from, and the same for all who read the same ones
    /// (UpdateSequence, OGC 06-042 7.2.3.5).
    std::int64_t update_sequence() const { return update_sequence_; }

private:
    void name_systems();

    CatalogOptions options_;
    std::vector<std::shared_ptr<Layer const>> layers_;
    std::vector<Trouble> troubles_;
    LayerGroup groups_;
    std::map<std::string, std::shared_ptr<Layer const>, std::less<>> by_name_, by_inspire_name_;
    std::unordered_map<std::string, Crs, HashIgnoringCase, EqualIgnoringCase> crs_by_code_;
    std::vector<Crs> common_crs_;
    std::int64_t update_sequence_;
    std::shared_ptr<StyleLibrary const> styles_;
};

/// What is read anew. Changes are seen by descriptors, sets and folders; whoever put slabs into a folder by
/// hand, as out of a backup, wants everything: then all layers have other serials, and nothing stays warm.
enum class Reread { changes, everything };

/// Reads every descriptor of the store, what describes it, and what is a series of others. A pyramid that
/// cannot be published is left out, or stays as `previous` has it, and so does what is said of a layer: it is
/// one of the troubles(), and never stops the others. Throws Failure when the store is no folder, and when it
/// is empty after changes were looked for: its disk may not be mounted.
std::shared_ptr<Catalog const> load_catalog(CatalogOptions const& options, Catalog const* previous = nullptr,
                                            Reread reread = Reread::changes);

} // namespace ardoise
