// SPDX-License-Identifier: Apache-2.0
// A catalog with the documents that describe it, made once when it is published.
#pragma once

#include "cache/loading_cache.hpp"
#include "cache/lru.hpp"
#include "server/catalog/catalog.hpp"
#include "server/exchange/response.hpp"

#include <fmt/format.h>

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ardoise {

/// What describes single layers, made and compressed when somebody asks for it. Safe to share.
class LayerDocuments {
public:
    /// `name` says which layer and document. `make()` returns a document(), and owns what it needs beside the
    /// site. Those who draw call it: PROJ takes a tenth of a second or more over systems that a thread has
    /// not met yet, and connections' threads are not to wait for that.
    template <typename Make>
    Reply find_or_make(std::string const& name, Make make) const
    {
        if (auto const kept = kept_.find(name))
            return **kept;
        auto write = [this, name, make = std::move(make)] {
            auto const load = [&] { return std::make_shared<Response const>(compressed_ahead(make())); };
            auto const weigh = [](auto const& kept) { return kept->body.size() + kept->gzipped.size(); };
            return *kept_.get(name, load, weigh);
        };
        return Work{std::move(write), fmt::format("{} of {}", name, fmt::ptr(this))};
    }

private:
    mutable LoadingCache<Lru<std::string, std::shared_ptr<Response const>>> kept_{32 << 20};
};

struct Site;

/// The sites of single groups, by their paths: no more than there are groups. Safe to share.
class GroupSites {
public:
    std::shared_ptr<Site const> find(std::string const& path) const
    {
        std::scoped_lock const lock{mutex_};
        auto const found = kept_.find(path);
        return found == kept_.end() ? nullptr : found->second;
    }
    /// The one that is kept: the first of its path.
    std::shared_ptr<Site const> keep(std::string const& path, std::shared_ptr<Site const> site) const
    {
        std::scoped_lock const lock{mutex_};
        return kept_.emplace(path, std::move(site)).first->second;
    }

private:
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<Site const>> kept_;
};

/// Never changes once it is published, but for documents that come when they are asked for: safe to share.
struct Site {
    std::shared_ptr<Catalog const> catalog;
    Response wmts_capabilities, wms_130_capabilities, wms_111_capabilities;
    Response tile_map_service;                           // of TMS
    Response layers_json;                                // for the portal
    std::map<std::string, Response, std::less<>> ogcapi; // by resource and form: "/conformance json"
    LayerDocuments layer_documents;
    GroupSites group_sites;                      // of the whole service alone (group_site.hpp)
    std::shared_ptr<Layer const> first_for_maps; // of those that people are shown; null: there is none
    /// A file that the web pages are made of, by its address.
    std::map<std::string, Response, std::less<>> portal;
};

/// A layer by its name, or by its harmonised one in INSPIRE; a service of one layer (`only`) knows no other.
/// Null when there is none.
std::shared_ptr<Layer const> find_layer(Site const& site, std::string_view name,
                                        std::shared_ptr<Layer const> const& only);
/// What stands for a layer's first style: nothing at all, "default" and INSPIRE's name for it.
bool is_default_style(std::string_view name);
/// A style by its name, or by what stands for the first.
LayerStyle const* find_style(Layer const& layer, std::string_view name);
/// That there is none of that name, and which there are.
std::string no_style(Layer const& layer, std::string_view name);

/// Whose the layer is: the provider's, where nobody else is named.
Attribution attribution_of(Catalog const& catalog, Layer const& layer);

/// Makes the documents, side by side (async) or one after the other (deferred). `portal_files` are kept as
/// they are.
std::shared_ptr<Site const> make_site(std::shared_ptr<Catalog const> catalog,
                                      std::map<std::string, Response, std::less<>> portal_files,
                                      std::launch launch = std::launch::async);

/// A document: its ETag is a hash of its text, and clients ask again after five minutes.
Response document(std::string_view media_type, std::string text);

/// Layers to describe: all of them, or one by itself.
using LayerList = std::vector<std::shared_ptr<Layer const>>;

std::string wms_130_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path);
std::string wms_111_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path);
std::string tile_map_service(Catalog const& catalog);
/// What pages say of the service, and of these layers: their facts and addresses.
Json layers_json(Catalog const& catalog, LayerList layers);

} // namespace ardoise
