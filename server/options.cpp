// SPDX-License-Identifier: Apache-2.0
#include "server/options.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <sstream>

namespace ardoise {

namespace po = boost::program_options;

namespace {

po::options_description description()
{
    po::options_description all{"Options"};
    auto add = all.add_options();
    add("store", po::value<std::string>()->value_name("DIR"),
        "folder of the pyramids: each descriptor in it is a layer");
    add("listen", po::value<std::string>()->default_value("127.0.0.1:8080")->value_name("ADDRESS:PORT"),
        "where to listen; 0.0.0.0:8080 for every interface, [::]:8080 for IPv6 too, port 0 for any free one");
    add("admin", po::value<std::string>()->value_name("ADDRESS:PORT"),
        "where Prometheus finds /metrics, on this machine only, as 127.0.0.1:8081 (nowhere)");
    add("public-url", po::value<std::string>()->value_name("URL"),
        "how clients reach the server, as in https://ortho.example.fr; written into capabilities");
    add("tms", po::value<std::vector<std::string>>()->value_name("DIR")->composing(),
        "further folder of tile matrix sets (JSON, ROK4's or the OGC's)");
    add("config", po::value<std::string>()->value_name("FILE"),
        "what the service says of itself (JSON): title, abstract, keywords, provider, contact, fees, "
        "access_constraints, public_url, layer_order, language, inspire; the command line wins over it");
    add("check",
        "read the configuration and the store, print what is wrong with them, and stop: exit code 1 if "
        "anything is; notes on coordinate operations do not count");
    add("title", po::value<std::string>()->value_name("TEXT"), "of the service");
    add("provider", po::value<std::string>()->value_name("TEXT"), "who publishes, written as attribution");
    add("threads", po::value<unsigned>()->default_value(0)->value_name("N"),
        "for connections, and as many for maps (one a core)");
    add("watch", po::value<unsigned>()->default_value(5)->value_name("SECONDS"),
        "between two looks at the descriptors and sets: what changed is read anew once it has been the same "
        "for two looks; 0: only when SIGHUP comes");
    add("tile-cache", po::value<std::string>()->value_name("N"),
        "decoded tiles that maps are drawn from, kept in so much memory, as 2G or 800M; 0 keeps none (a "
        "sixteenth of the memory at hand, 64M at the least)");
    add("map-cache", po::value<std::string>()->value_name("N"),
        "encoded maps and rendered tiles kept in so much memory; 0 keeps none (64M)");
    add("portal", po::value<std::string>()->value_name("DIR"), "folder of the web pages");
    add("version", "print the version and stop");
    add("help,h", "print this and stop");
    return all;
}

void parse_listen(std::string const& option, std::string const& text, HttpOptions& http)
{
    auto const colon = text.rfind(':');
    auto const port = colon == std::string::npos
                          ? std::nullopt
                          : parse_number<std::uint16_t>(std::string_view{text}.substr(colon + 1));
    auto address = text.substr(0, colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    if (!port || address.empty())
        throw UsageError{fmt::format("--{} wants an address and a port, as in 127.0.0.1:{}, not \"{}\"",
                                     option, option == "admin" ? 8081 : 8080, text)};
    http.address = address;
    http.port = *port;
}

HttpOptions parse_admin(std::string const& text)
{
    HttpOptions http;
    parse_listen("admin", text, http);
    if (!is_loopback(http.address))
        throw UsageError{
            fmt::format("--admin asks nobody who they are, so it listens on this machine only: give "
                        "127.0.0.1:{} or [::1]:{}, not \"{}\"",
                        http.port, http.port, text)};
    return http;
}

std::string checked_url(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    if (!is_web_address(url))
        throw UsageError{
            fmt::format("--public-url wants an address like https://ortho.example.fr, not \"{}\"", url)};
    return url;
}

/// In less a single decoded tile or map has no room.
constexpr std::size_t smallest_cache = 16 << 20;

std::size_t parse_cache_size(std::string const& option, std::string const& text)
{
    if (text == "0")
        return 0;
    auto const unit = text.empty() ? ' ' : text.back();
    int const shift = unit == 'G' ? 30 : unit == 'M' ? 20 : 0;
    auto const number = shift > 0
                            ? parse_number<std::uint64_t>(std::string_view{text}.substr(0, text.size() - 1))
                            : std::nullopt;
    if (!number || *number > std::uint64_t{1} << 20 || *number << shift < smallest_cache)
        throw UsageError{fmt::format(
            "--{} wants a number with M or G behind it, as in 2G or 16M, which is the least, or 0 to keep "
            "nothing, not \"{}\"",
            option, text)};
    return *number << shift;
}

/// Beside the program, where the build puts them.
std::filesystem::path portal_beside_program()
{
    std::error_code ignored;
    auto const program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path().parent_path() / "share" / "ardoise" / "portal";
}

/// What is asked for by --check is told with all else that is wrong.
void take_configuration(ServerOptions& options, std::filesystem::path file)
try {
    options.catalog.configuration = std::move(file);
    auto configuration = read_configuration(options.catalog.configuration);
    options.catalog.service = std::move(configuration.service);
    options.catalog.public_url = std::move(configuration.public_url);
} catch (Failure const& failure) {
    if (!options.is_check)
        throw;
    options.configuration_mistake = failure.what();
}

} // namespace

std::optional<ServerOptions> parse_options(int count, char** values)
{
    auto const all = description();
    po::variables_map given;
    try {
        po::store(po::command_line_parser{count, values}
                      .options(all)
                      .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
                      .positional({})
                      .run(),
                  given);
        po::notify(given);
    } catch (po::error const& mistake) {
        throw UsageError{mistake.what()};
    }
    if (given.contains("help")) {
        std::ostringstream text;
        text << all;
        fmt::print("usage: ardoise-server --store DIR [--listen 127.0.0.1:8080]\n\n{}", text.str());
        return std::nullopt;
    }
    if (given.contains("version")) {
        fmt::print("ardoise-server {}\n", ARDOISE_VERSION);
        return std::nullopt;
    }
    if (!given.contains("store"))
        throw UsageError{"--store is missing"};
    ServerOptions options;
    options.catalog.store = given["store"].as<std::string>();
    parse_listen("listen", given["listen"].as<std::string>(), options.http);
    if (given.contains("admin"))
        options.admin = parse_admin(given["admin"].as<std::string>());
    options.is_check = given.contains("check");
    if (given.contains("config"))
        take_configuration(options, given["config"].as<std::string>());
    if (given.contains("public-url"))
        options.catalog.public_url = checked_url(given["public-url"].as<std::string>());
    if (given.contains("tms"))
        for (auto const& folder : given["tms"].as<std::vector<std::string>>())
            options.catalog.tile_matrix_set_folders.emplace_back(folder);
    if (given.contains("title"))
        options.catalog.service.title = given["title"].as<std::string>();
    if (given.contains("provider"))
        options.catalog.service.provider.name = given["provider"].as<std::string>();
    auto const threads = given["threads"].as<unsigned>();
    if (threads > 256)
        throw UsageError{"--threads wants at most 256"};
    options.http.io_threads = options.http.render_threads = threads;
    auto const watch = given["watch"].as<unsigned>();
    if (watch > 86'400)
        throw UsageError{"--watch wants at most 86400 seconds; 0 to look only when SIGHUP comes"};
    options.watch = std::chrono::seconds{watch};
    if (given.contains("tile-cache"))
        options.caches.tile_bytes = parse_cache_size("tile-cache", given["tile-cache"].as<std::string>());
    if (given.contains("map-cache"))
        options.caches.map_bytes = parse_cache_size("map-cache", given["map-cache"].as<std::string>());
    options.portal = given.contains("portal") ? std::filesystem::path{given["portal"].as<std::string>()}
                                              : portal_beside_program();
    return options;
}

} // namespace ardoise
