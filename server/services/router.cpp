// SPDX-License-Identifier: Apache-2.0
#include "server/services/router.hpp"

#include "server/catalog/own_addresses.hpp"
#include "server/services/connection_files.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/group_site.hpp"
#include "server/services/layer_page.hpp"
#include "server/services/ogcapi/ogcapi.hpp"
#include "server/services/parameters.hpp"
#include "server/services/portal.hpp"
#include "server/services/tms.hpp"
#include "server/services/wms.hpp"
#include "server/services/wmts.hpp"
#include "server/services/xyz.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// What follows `prefix` in `path`, or nothing.
std::optional<std::string_view> after(std::string_view path, std::string_view prefix)
{
    if (!path.starts_with(prefix))
        return std::nullopt;
    return path.substr(prefix.size());
}

/// "wmts" of "/wmts/1.0.0/WMTSCapabilities.xml"; without a second slash all that follows the first.
std::string_view first_piece(std::string_view path)
{
    return path.substr(1, path.find('/', 1) - 1);
}

Response nothing_there()
{
    return problem(404, "Not found", "There is nothing at this address.");
}

Reply health(Site const& site)
{
    auto const layers = site.catalog->layers().size();
    auto response =
        text_response(200, "application/json",
                      Json::object({{"status", "ok"}, {"layers", static_cast<std::int64_t>(layers)}}).text());
    response.cache_control = "no-store";
    return response;
}

/// WMS or WMTS: of all of the site or of one layer (`only`). `rest` is what follows the word for it.
std::optional<Reply> map_service(OwnAddress protocol, std::string_view rest, Request const& request,
                                 Site const& site, Caches& caches, std::shared_ptr<Layer const> const& only)
{
    bool const is_by_parameters = rest.empty() || rest == "/";
    if (protocol == OwnAddress::wms && is_by_parameters)
        return wms_kvp(request, site, caches, only);
    if (protocol == OwnAddress::wmts && is_by_parameters)
        return wmts_kvp(request, site, caches, only);
    if (auto const tile = after(rest, "/1.0.0/"); tile && protocol == OwnAddress::wmts)
        return wmts_rest(request, *tile, site, caches, only);
    return std::nullopt;
}

/// `rest`: what follows the first piece of the address.
std::optional<Reply> own_service(OwnAddress address, std::string_view rest, Request const& request,
                                 Site const& site, Caches& caches)
{
    switch (address) {
    case OwnAddress::wmts:
    case OwnAddress::wms:
        return map_service(address, rest, request, site, caches, nullptr);
    case OwnAddress::xyz:
        return rest.empty() ? std::nullopt : std::optional{xyz(request, rest.substr(1), site, caches)};
    case OwnAddress::tms:
        return tms(request, rest.substr(rest.empty() ? 0 : 1), site, caches);
    case OwnAddress::ogcapi:
        return ogc_api(request, rest, site, caches);
    case OwnAddress::health:
        return rest.empty() ? std::optional<Reply>{health(site)} : std::nullopt;
    case OwnAddress::file:
        return connection_file(request, site);
    }
    return std::nullopt;
}

/// An address that goes on with a protocol behind the name of a layer or a group: "/Orthophotos/2022/wms".
struct ScopedAddress {
    std::string_view name, rest; // of what; what follows the word for the protocol
    OwnAddress protocol;
};

/// Nothing where no word for one of both follows. No name has such a word between its slashes.
std::optional<ScopedAddress> scoped_address(std::string_view path)
{
    for (auto slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
        auto const word = path.substr(slash + 1, path.find('/', slash + 1) - slash - 1);
        auto const protocol = find_own_address(word);
        if (protocol == OwnAddress::wms || protocol == OwnAddress::wmts)
            return ScopedAddress{path.substr(1, slash - 1), path.substr(slash + 1 + word.size()), *protocol};
    }
    return std::nullopt;
}

/// Addresses of one layer: "/{layer}/wms", "/{layer}/wmts", "/{layer}/wmts/1.0.0/...", and its page.
std::optional<Reply> layer_service(Request const& request, Site const& site, Caches& caches)
{
    std::string_view const path = request.path;
    auto const name = first_piece(path);
    auto const layer = site.catalog->find_layer(name);
    if (!layer)
        return std::nullopt;
    if (auto const scoped = scoped_address(path); scoped && scoped->name == name)
        return map_service(scoped->protocol, scoped->rest, request, site, caches, layer);
    return layer_page(request, path.substr(name.size() + 1), site, layer);
}

Response done(Reply reply)
{
    auto* const work = std::get_if<Work>(&reply);
    return work ? (*work)() : std::get<Response>(std::move(reply));
}

/// All that an answer depends on.
std::string key_of(Request const& request, Site const& site)
{
    auto key =
        fmt::format("group {} {} {} {} {}", fmt::ptr(&site), static_cast<int>(request.method),
                    url_encode(request.path), url_encode(request.accept), url_encode(request.if_none_match));
    for (auto const& [name, value] : request.query.parameters())
        key += fmt::format(" {}={}", url_encode(name), url_encode(value));
    return key;
}

/// Addresses of one group: "/{group}/wms", "/{group}/wmts", "/{group}/wmts/1.0.0/...". Who asks first waits
/// until its capabilities are written.
std::optional<Reply> group_service(Request const& request, Site const& site, Caches& caches)
{
    auto const scoped = scoped_address(request.path);
    auto const* group = scoped ? find_group(site.catalog->groups(), scoped->name) : nullptr;
    if (!group || !has_services(*site.catalog, group->path))
        return std::nullopt;
    if (auto const own = find_group_site(site, *group))
        return map_service(scoped->protocol, scoped->rest, request, *own, caches, nullptr);
    auto make = [request, &site, group, &caches] {
        auto const kept = *scoped_address(request.path); // of the request that lasts
        auto const own = make_group_site(site, *group);
        auto reply = map_service(kept.protocol, kept.rest, request, *own, caches, nullptr);
        return reply ? done(*std::move(reply)) : nothing_there();
    };
    return Work{std::move(make), key_of(request, site)};
}

Reply route(Request const& request, Site const& site, Caches& caches)
{
    std::string_view const path = request.path;
    auto const first = first_piece(path);
    std::optional<Reply> reply;
    if (auto const address = find_own_address(first))
        reply = own_service(*address, path.substr(1 + first.size()), request, site, caches);
    else if (reply = layer_service(request, site, caches); !reply)
        reply = group_service(request, site, caches);
    if (reply)
        return *std::move(reply);
    if (auto page = portal_page(path, site))
        return *std::move(page);
    return nothing_there();
}

/// In the words of the protocol that the address belongs to.
Response method_refused(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    constexpr char const* text = "Only GET and HEAD are answered here: put the parameters into the address.";
    OgcError const error{"OperationNotSupported", "", text};
    auto response = path.ends_with("/wms")    ? wms_130_exception(error)
                    : path.ends_with("/wmts") ? ows_exception(error)
                                              : problem(405, "Method not allowed", text);
    response.status = 405;
    response.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
    return response;
}

/// Soon the revision that took their place is read.
Response come_again()
{
    auto response =
        problem(503, "Service unavailable", "These tiles cannot be read at the moment. Try again soon.");
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

/// What `answer` returns, or a 503 if it needed slabs that are gone.
template <typename Answer>
auto unless_gone(GoneSlabs& gone_slabs, Answer const& answer) -> decltype(answer())
try {
    return answer();
} catch (SlabsGone const& gone) {
    gone_slabs.meet(gone);
    return come_again();
}

/// A reply's work holds the site as long as it lasts: layers and styles are pointed at.
void keep_alive(Reply& reply, std::shared_ptr<Site const> const& site,
                std::shared_ptr<GoneSlabs> const& gone_slabs)
{
    if (auto* work = std::get_if<Work>(&reply))
        work->make = [make = std::move(work->make), site, gone_slabs] {
            return unless_gone(*gone_slabs, make);
        };
}

} // namespace

Reply Router::operator()(Request const& request) const
{
    if (request.method != Method::get && request.method != Method::head)
        return method_refused(request.path);
    auto const site = sites_.current();
    auto reply = unless_gone(*gone_slabs_, [&] { return route(request, *site, caches_); });
    keep_alive(reply, site, gone_slabs_);
    return reply;
}

} // namespace ardoise
