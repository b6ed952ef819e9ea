// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/change_list_option.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"

namespace ardoise {

namespace {

namespace po = boost::program_options;

/// The addresses under which a server publishes a stored tile in its own style.
std::string addresses_of(Pyramid const& pyramid, ChangedTile const& changed)
{
    auto const& [level, tile] = changed;
    auto addresses = fmt::format("/wmts/1.0.0/{}/normal/{}/{}/{}/{}.{}\n", pyramid.name, pyramid.set->id,
                                 level, tile.row, tile.col, pyramid.format.extension);
    if (pyramid.set->crs.epsg() == 3857) // XYZ is in Web Mercator always
        addresses += fmt::format("/xyz/{}/{}/{}/{}.{}\n", pyramid.name, level, tile.col, tile.row,
                                 pyramid.format.extension);
    return addresses;
}

void check_writable(std::filesystem::path const& file)
try {
    if (std::filesystem::is_directory(file))
        fail("{}: is a folder", file.string());
    AtomicFile{file}; // gone again at once
} catch (Failure const& failure) {
    fail("{}; nothing was done: --changed wants a file that can be written", failure.what());
}

} // namespace

void add_changed_option(CommandLine& line)
{
    line.options.add_options()(
        "changed", po::value<std::string>()->value_name("FILE"),
        "write the addresses of the stored tiles that changed, a path a line, for a CDN to purge: once every "
        "server has read the new revision, which it does by itself within seconds (its --watch), at once "
        "upon SIGHUP. What servers draw from stored tiles is not listed: purge by prefix "
        "/wmts/1.0.0/NAME/normal/SET/ for each set but the pyramid's own, /xyz/NAME/, /tms/1.0.0/NAME@, "
        "/NAME/, and /wms? and /wmts?, which are of all layers");
}

ListIs change_list_in(po::variables_map const& values)
{
    if (!values.contains("changed"))
        return ListIs::kept;
    check_writable(values["changed"].as<std::string>());
    return ListIs::owed;
}

std::string command_for_last_list(std::filesystem::path const& descriptor)
{
    return fmt::format("`ardoise update {} --changed FILE`", descriptor.string());
}

void hand_over_change_list(po::variables_map const& values, Pyramid const& published,
                           std::vector<ChangedTile> const& list, std::string const& again)
try {
    if (!values.contains("changed"))
        return;
    std::string text;
    for (auto const& tile : list)
        text += addresses_of(published, tile);
    write_atomically(values["changed"].as<std::string>(), text);
    settle_change_list(published.folder);
} catch (Failure const& failure) {
    fail("{}; revision {} is published, and {} hands out its list again", failure.what(), published.revision,
         again);
}

} // namespace ardoise
