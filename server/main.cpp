// SPDX-License-Identifier: Apache-2.0
// `ardoise-server`: wiring.
#include "pyramid/base/descriptors.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/freed_memory.hpp"
#include "pyramid/base/log.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "server/admin.hpp"
#include "server/catalog/map_operations.hpp"
#include "server/catalog/reloads.hpp"
#include "server/metrics.hpp"
#include "server/options.hpp"
#include "server/services/portal.hpp"
#include "server/services/router.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <optional>
#include <set>
#include <thread>

#include <unistd.h>

namespace {

using namespace ardoise;

/// Where clients find us when nobody says: the address we listen on, or this machine's name when that is all
/// of them.
std::string own_url(std::string const& address, std::uint16_t port)
{
    bool const every_interface = address == "0.0.0.0" || address == "::";
    char name[256] = "localhost";
    if (every_interface) {
        ::gethostname(name, sizeof name - 1);
        log(LogLevel::warning, "no --public-url: documents name this machine", {{"host", name}});
    }
    std::string const host = every_interface                          ? name
                             : address.find(':') == std::string::npos ? address
                                                                      : "[" + address + "]";
    return fmt::format("http://{}:{}", host, port);
}

/// What this process may have open, shared out: some for all else, one a connection, and what is left for
/// slabs, as many as are mapped.
struct DescriptorShares {
    std::size_t connections, slabs;
};

DescriptorShares share_descriptors(std::size_t wanted_connections)
{
    std::size_t const descriptors = raise_descriptor_limit();
    std::size_t const kept = std::min<std::size_t>(256, descriptors / 2), most = descriptors - kept;
    if (wanted_connections > most)
        log(LogLevel::info, "connections limited by descriptors", {{"most", fmt::format("{}", most)}});
    auto const connections = std::min(wanted_connections, most);
    return {connections, std::min(most - connections, SlabCache::usually_open)};
}

std::set<std::uint64_t> serials_of(Catalog const& catalog)
{
    std::set<std::uint64_t> serials;
    for (auto const& layer : catalog.layers())
        serials.insert(layer->serial);
    return serials;
}

/// One that comes and goes later is seen by the watch; one that is not there at the start is a mistake.
void check_set_folders(std::vector<std::filesystem::path> const& folders)
{
    for (auto const& folder : folders)
        if (!std::filesystem::is_directory(folder))
            fail("{}: is no folder; give one of tile matrix sets, or leave --tms out", folder.string());
}

std::string counted(std::size_t number, std::string_view noun)
{
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// What is wrong with the configuration and the store, a line each; the exit code.
int check(ServerOptions const& options)
{
    check_set_folders(options.catalog.tile_matrix_set_folders);
    auto const catalog = load_catalog(options.catalog);
    bool const is_empty = catalog->layers().empty() && catalog->troubles().empty();
    bool const is_misconfigured = !options.configuration_mistake.empty();
    if (is_misconfigured)
        fmt::print("configuration not used: {}\n", options.configuration_mistake);
    for (auto const& [consequence, file, reason] : catalog->troubles())
        fmt::print("{}: {}{}\n", consequence, reason.starts_with(file.string()) ? "" : file.string() + ": ",
                   reason);
    for (auto const& doubt : doubts_about_operations(*catalog))
        fmt::print("note: {}\n", doubt);
    if (is_empty)
        fmt::print("{}: no pyramid's descriptor is in this folder; `ardoise build --into` puts them there\n",
                   options.catalog.store.string());
    auto const mistakes = catalog->troubles().size() + (is_empty ? 1 : 0) + (is_misconfigured ? 1 : 0);
    fmt::print("{}, {}\n", counted(catalog->layers().size(), "layer"), counted(mistakes, "mistake"));
    return mistakes > 0 ? 1 : 0;
}

/// Who reads from a disk that does not answer never comes back: the end does not wait for that.
void end_in_any_case(std::chrono::seconds after)
{
    std::thread{[after] {
        std::this_thread::sleep_for(after);
        log(LogLevel::warning, "stopped without waiting any longer",
            {{"what", "a disk that does not answer"}});
        std::_Exit(0);
    }}.detach();
}

void serve(ServerOptions options)
{
    keep_freed_memory(32 << 20, 64 << 20); // a map takes some megabytes
    survive_shortened_files();
    check_set_folders(options.catalog.tile_matrix_set_folders);
    auto const descriptors = share_descriptors(options.http.max_connections);
    options.http.max_connections = descriptors.connections;
    auto const portal = read_portal(options.portal);
    options.caches.slab_descriptors = descriptors.slabs;
    Caches caches{options.caches};
    // The router needs a site, whose documents need the port that the server really got.
    Published<Site> sites{std::make_shared<Site const>()};
    CatalogWatch watch{options.catalog};
    CatalogCounts counts;
    auto const publish = [&](Reread reread) {
        watch.remember();
        auto const before = sites.current()->catalog;
        // At the start nobody is served yet; later the cores belong to those who are.
        auto const launch = before ? std::launch::deferred : std::launch::async;
        auto const catalog = load_catalog(options.catalog, before.get(), reread);
        for (auto const& trouble : catalog->troubles())
            log(LogLevel::warning, trouble.consequence,
                {{"file", trouble.file.string()}, {"reason", trouble.reason}});
        auto const site = make_site(catalog, portal, launch);
        sites.publish(site);
        caches.slabs.close_all_but(serials_of(*site->catalog));
        counts.layers = site->catalog->layers().size();
        log(LogLevel::info, "published", {{"layers", fmt::format("{}", site->catalog->layers().size())}});
    };
    auto const reload = [&](Reread reread) {
        try {
            publish(reread);
            ++counts.reloads;
        } catch (std::exception const& failure) {
            ++counts.failed_reloads;
            log(LogLevel::error, "reload failed, the old catalog stays", {{"reason", failure.what()}});
        }
    };
    std::optional<Reloads> reloads; // there before the first request is
    Router const router{sites, caches, [&reloads] { reloads->look_at_once(); }};
    HttpServer server{options.http, [&router](Request const& request) { return router(request); }};
    if (options.catalog.public_url.empty())
        options.catalog.public_url = own_url(options.http.address, server.port());
    publish(Reread::everything);

    std::optional<Admin> admin;
    if (options.admin) {
        admin.emplace(*options.admin, [&, started = std::chrono::system_clock::now()] {
            return metrics(server.counts(), caches, counts, started);
        });
        log(LogLevel::info, "metrics",
            {{"url", own_url(options.admin->address, admin->port()) + "/metrics"}});
    }
    reloads.emplace(reload, watch, options.watch);
    SignalWatcher const signals{[&](int number) {
        if (number == SIGHUP)
            return reloads->request();
        server.stop();
        end_in_any_case(options.http.drain_timeout + std::chrono::seconds{5});
    }};
    log(LogLevel::info, "listening",
        {{"url", options.catalog.public_url}, {"port", fmt::format("{}", server.port())}});
    server.run();
    log(LogLevel::info, "stopped");
}

} // namespace

int main(int count, char** values)
{
    try {
        auto options = parse_options(count, values);
        if (options && options->is_check)
            return check(*options);
        if (options)
            serve(*std::move(options));
        return 0;
    } catch (UsageError const& mistake) {
        fmt::print(stderr, "ardoise-server: {}\nTry `ardoise-server --help`.\n", mistake.what());
        return 2;
    } catch (std::exception const& failure) {
        fmt::print(stderr, "ardoise-server: {}\n", failure.what());
        return 1;
    }
}
