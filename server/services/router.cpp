// SPDX-License-Identifier: Apache-2.0
#include "server/services/router.hpp"

#include "server/services/connection_files.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/layer_page.hpp"
#include "server/services/ogcapi/ogcapi.hpp"
#include "server/services/portal.hpp"
#include "server/services/tms.hpp"
#include "server/services/wms.hpp"
#include "server/services/wmts.hpp"
#include "server/services/xyz.hpp"

namespace ardoise {

namespace {

/// What follows `prefix` in `path`, or nothing.
std::optional<std::string_view> after(std::string_view path, std::string_view prefix)
{
    if (!path.starts_with(prefix))
        return std::nullopt;
    return path.substr(prefix.size());
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

/// Addresses of one layer: "/{layer}/wms", "/{layer}/wmts", "/{layer}/wmts/1.0.0/...", and its page.
std::optional<Reply> layer_service(Request const& request, Site const& site, Caches& caches)
{
    std::string_view const path = request.path;
    auto const slash = path.find('/', 1);
    auto const name = path.substr(1, slash - 1); // without a slash, all that is left
    auto const layer = site.catalog->find_layer(name);
    if (!layer)
        return std::nullopt;
    auto const rest = path.substr(name.size() + 1);
    if (rest == "/wms" || rest == "/wms/")
        return wms_kvp(request, site, caches, layer);
    if (rest == "/wmts" || rest == "/wmts/")
        return wmts_kvp(request, site, caches, layer);
    if (auto const tile = after(rest, "/wmts/1.0.0/"))
        return wmts_rest(request, *tile, site, caches, layer);
    return layer_page(request, rest, site, layer);
}

Reply route(Request const& request, Site const& site, Caches& caches)
{
    std::string_view const path = request.path;
    if (auto const tile = after(path, "/wmts/1.0.0/"))
        return wmts_rest(request, *tile, site, caches, nullptr);
    if (auto const tile = after(path, "/xyz/"))
        return xyz(request, *tile, site, caches);
    if (auto const tile = after(path, "/tms/"))
        return tms(request, *tile, site, caches);
    if (path == "/tms")
        return tms(request, "", site, caches);
    if (path == "/wmts" || path == "/wmts/")
        return wmts_kvp(request, site, caches, nullptr);
    if (path == "/wms" || path == "/wms/")
        return wms_kvp(request, site, caches, nullptr);
    if (auto const rest = after(path, "/ogcapi"); rest && (rest->empty() || rest->front() == '/'))
        return ogc_api(request, *rest, site, caches);
    if (path == "/health")
        return health(site);
    if (auto file = connection_file(request, site))
        return *std::move(file);
    if (auto page = portal_page(path, site))
        return *std::move(page);
    if (auto reply = layer_service(request, site, caches))
        return *std::move(reply);
    return problem(404, "Not found", "There is nothing at this address.");
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
