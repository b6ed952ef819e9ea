// SPDX-License-Identifier: Apache-2.0
// `ardoise-server`: wiring.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/log.hpp"
#include "server/options.hpp"
#include "server/services/portal.hpp"
#include "server/services/router.hpp"

#include <csignal>
#include <cstdio>

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

void serve(ServerOptions options)
{
    auto const portal = read_portal(options.portal);
    SlabCache slabs;
    // The router needs a site, whose documents need the port that the server really got.
    Published<Site> sites{std::make_shared<Site const>()};
    Router const router{sites, slabs};
    HttpServer server{options.http, [&router](Request const& request) { return router(request); }};
    if (options.catalog.public_url.empty())
        options.catalog.public_url = own_url(options.http.address, server.port());
    auto const publish = [&] {
        auto const site = make_site(load_catalog(options.catalog), portal);
        log(LogLevel::info, "published", {{"layers", fmt::format("{}", site->catalog->layers().size())}});
        sites.publish(site);
    };
    publish();

    SignalWatcher const signals{[&](int number) {
        if (number != SIGHUP)
            return server.stop();
        try {
            publish();
        } catch (std::exception const& failure) {
            log(LogLevel::error, "reload failed, the old catalog stays", {{"reason", failure.what()}});
        }
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
        if (auto options = parse_options(count, values))
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
