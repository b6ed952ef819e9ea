// SPDX-License-Identifier: Apache-2.0
// `ardoise import`: tiles in, by their bytes.
#include "pyramid/archive/importer.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/progress.hpp"

namespace ardoise {

namespace {

namespace po = boost::program_options;

CommandLine command_line()
{
    CommandLine line{.usage = "ardoise import ARCHIVE --into STORE --name NAME [--tms PM]",
                     .options = po::options_description{"ARCHIVE is FILE.mbtiles, FILE.pmtiles or "
                                                        "'DIR/{z}/{x}/{y}' ({-y} where rows count "
                                                        "from the bottom, .ext where others are beside)"},
                     .positional = "archive"};
    auto add = line.options.add_options();
    add("archive", po::value<std::vector<std::string>>()->value_name("ARCHIVE"), "tiles to take in");
    add("into", po::value<std::string>()->value_name("STORE"), "folder of the pyramids");
    add("name", po::value<std::string>()->value_name("NAME"), "of the pyramid");
    add("tms", po::value<std::string>()->default_value("PM")->value_name("ID"),
        "tile matrix set that the tiles lie in: a shipped one, or the path of a JSON file");
    add("slab", po::value<std::string>()->default_value("16x16")->value_name("WxH"),
        "tiles a slab (of PMTiles a square of 1, 2, 4, 8, 16, ...)");
    add("json", "progress and result for machines");
    return line;
}

std::string archive_in(po::variables_map const& values)
{
    if (!values.contains("archive"))
        throw UsageError{"no ARCHIVE is given"};
    auto const given = values["archive"].as<std::vector<std::string>>();
    if (given.size() > 1)
        throw UsageError{fmt::format("one ARCHIVE at a time, not also {}", given[1])};
    if (!archive_kind(given[0]))
        throw UsageError{fmt::format(
            "\"{}\" is no archive: give FILE.mbtiles, FILE.pmtiles or 'DIR/{{z}}/{{x}}/{{y}}'", given[0])};
    return given[0];
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = command_line().parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json");
    ImportOptions options;
    options.archive = archive_in(*values);
    options.store = required(*values, "into");
    options.name = required(*values, "name");
    std::tie(options.slab.width, options.slab.height) =
        parse_pair((*values)["slab"].as<std::string>(), "slab", 64);
    options.set = TileMatrixSetLibrary{{options.store / "tilematrixsets"}}.get(required(*values, "tms"));

    Progress progress{"tiles", json ? ProgressStyle::json : usual_progress_style()};
    auto const report = import_archive(options, [&](std::int64_t done, std::int64_t total) {
        progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
    });
    if (json)
        fmt::print("{}\n", Json::object({{"tiles", report.tiles},
                                         {"slabs", static_cast<std::int64_t>(report.slabs)},
                                         {"bytes", static_cast<std::int64_t>(report.bytes)}})
                               .text());
    else
        fmt::print("{} tiles in {} slabs, {:.1f} MB\n", report.tiles, report.slabs,
                   static_cast<double>(report.bytes) / 1e6);
    return ExitCode::done;
}

} // namespace

Command const import_command{"import", "tiles in by their bytes: MBTiles, PMTiles, folders", run};

} // namespace ardoise
