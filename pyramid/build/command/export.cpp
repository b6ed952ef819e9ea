// SPDX-License-Identifier: Apache-2.0
// `ardoise export`: tiles out, by their bytes.
#include "pyramid/archive/exporter.hpp"

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
    auto line = pyramid_command_line("ardoise export STORE/NAME.json --to ARCHIVE\n"
                                     "       ARCHIVE is FILE.mbtiles, FILE.pmtiles or 'DIR/{z}/{x}/{y}.EXT' "
                                     "({-y} for rows from the bottom)");
    auto add = line.options.add_options();
    add("to", po::value<std::string>()->value_name("ARCHIVE"), "archive to write");
    add("levels", po::value<std::string>()->value_name("10-16"), "only these levels (all)");
    add("bbox", po::value<std::string>()->value_name("W,S,E,N"),
        "only tiles that touch this box, in the CRS of the pyramid's set or that of --bbox-crs (all)");
    add("bbox-crs", po::value<std::string>()->value_name("CRS"),
        "of the box, as in EPSG:4326 (that of the set, see `ardoise inspect`); east always comes before "
        "north");
    add("overwrite", "replace the file of that name");
    return line;
}

std::string archive_in(po::variables_map const& values)
{
    if (!values.contains("to"))
        throw UsageError{"--to is missing"};
    auto const archive = values["to"].as<std::string>();
    if (!archive_kind(archive))
        throw UsageError{fmt::format("--to wants FILE.mbtiles, FILE.pmtiles or 'DIR/{{z}}/{{x}}/{{y}}.EXT', "
                                     "not \"{}\"",
                                     archive)};
    return archive;
}

/// "10-16", or "12" for one level alone.
std::pair<std::string, std::string> parse_levels(std::string const& text)
{
    auto const dash = text.find('-');
    auto const top = text.substr(0, dash);
    auto const bottom = dash == std::string::npos ? top : text.substr(dash + 1);
    if (top.empty() || bottom.empty())
        throw UsageError{fmt::format("--levels wants two levels, as in 10-16, not \"{}\"", text)};
    return {top, bottom};
}

std::optional<BoundingBox> box_in(po::variables_map const& values)
{
    if (!values.contains("bbox"))
        return std::nullopt;
    auto const text = values["bbox"].as<std::string>();
    auto const box = parse_box(text);
    if (!box)
        throw UsageError{fmt::format("--bbox wants west,south,east,north, not \"{}\"", text)};
    return box;
}

std::optional<Crs> box_crs_in(po::variables_map const& values)
{
    if (!values.contains("bbox-crs"))
        return std::nullopt;
    if (!values.contains("bbox"))
        throw UsageError{"--bbox-crs is given without --bbox"};
    return Crs::from_definition(values["bbox-crs"].as<std::string>());
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = command_line().parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json");
    auto const descriptor = descriptor_in(*values);
    ExportOptions options;
    options.archive = archive_in(*values);
    if (values->contains("levels"))
        std::tie(options.top, options.bottom) = parse_levels((*values)["levels"].as<std::string>());
    options.overwrite = values->contains("overwrite") ? Overwrite::wanted : Overwrite::refused;
    auto const pyramid = read_pyramid(descriptor, library_for(*values));
    options.box = box_in(*values);
    options.box_crs = box_crs_in(*values);

    Progress progress{"tiles looked at", json ? ProgressStyle::json : usual_progress_style()};
    auto const report = export_pyramid(
        pyramid, metadata_in(read_json(descriptor)), options, [&](std::int64_t done, std::int64_t total) {
            progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
        });
    if (json)
        fmt::print("{}\n",
                   Json::object({{"tiles", report.tiles}, {"bytes", static_cast<std::int64_t>(report.bytes)}})
                       .text());
    else
        fmt::print("{} tiles, {:.1f} MB\n", report.tiles, static_cast<double>(report.bytes) / 1e6);
    return ExitCode::done;
}

} // namespace

Command const export_command{"export", "tiles out by their bytes: MBTiles, PMTiles, folders", run};

} // namespace ardoise
