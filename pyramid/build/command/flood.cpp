// SPDX-License-Identifier: Apache-2.0
// `ardoise flood`: how high a river must stand before each place is wet.
#include "pyramid/build/flood_model.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

CommandLine flood_command_line()
{
    CommandLine line{
        .usage = "ardoise flood SOURCE... --from RIVER --into DALLES --tms ID",
        .options =
            po::options_description{
                "SOURCE is a terrain model of one band (a local file, a folder, a pattern), RIVER the "
                "points, lines "
                "or polygons that water comes from: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML or "
                "MapInfo, in "
                "its own CRS. DALLES are GeoTIFFs of two bands on the pixels of a level of the set: heights, "
                "and "
                "the lowest water level at which each pixel is wet because the river gets there (99999: "
                "never). "
                "Water goes from a pixel to the four beside it, never across a corner, and not over ground "
                "without "
                "a height, save where RIVER lies. A pyramid is made of them by\n"
                "  ardoise build DALLES --into STORE --name NAME --tms ID --bands 1,2 --resampling near\n"
                "When models or RIVER change, run this command again, then `ardoise update`: dalles that "
                "come out "
                "as they were stay untouched. Options"},
        .positional = "source"};
    auto add = line.options.add_options();
    add("source", po::value<std::vector<std::string>>()->value_name("SOURCE"), "terrain models, any number");
    add("from", po::value<std::string>()->value_name("RIVER"), "file of what water comes from");
    add("into", po::value<std::string>()->value_name("DALLES"), "folder of the dalles");
    add("tms", po::value<std::string>()->value_name("ID"),
        "tile matrix set of the pyramid to come: one that ships, or the path of a JSON file");
    add("bottom", po::value<std::string>()->value_name("ID"),
        "level whose pixels the model has (the one nearest to the finest source's)");
    add("resampling", po::value<std::string>()->default_value("bilinear")->value_name("R"),
        "near, bilinear, cubic or lanczos, where sources are not on that grid");
    add_memory_option(line);
    add("nodata", po::value<double>()->value_name("V"),
        "this value is no height, whatever the sources say (what they say)");
    add("source-crs", po::value<std::string>()->value_name("CRS"),
        "of the sources, whatever they say (what they say)");
    add("json", "result for machines");
    return line;
}

FloodOptions flood_options(po::variables_map const& values)
{
    FloodOptions options;
    if (!values.contains("source"))
        throw UsageError{"no SOURCE is given"};
    options.sources = values["source"].as<std::vector<std::string>>();
    options.seeds = required(values, "from");
    options.into = required(values, "into");
    options.tile_matrix_set = required(values, "tms");
    if (values.contains("bottom"))
        options.bottom = values["bottom"].as<std::string>();
    auto const resampling = parse_resampling(values["resampling"].as<std::string>());
    if (!resampling)
        throw UsageError{fmt::format("--resampling wants near, bilinear, cubic or lanczos, not \"{}\"",
                                     values["resampling"].as<std::string>())};
    options.resampling = *resampling;
    options.memory = memory_in(values);
    if (values.contains("nodata"))
        options.source.nodata = values["nodata"].as<double>();
    if (values.contains("source-crs"))
        options.source.crs = values["source-crs"].as<std::string>();
    return options;
}

void say_result(FloodReport const& report, FloodOptions const& options, bool json)
{
    if (json) {
        auto const count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
        fmt::print("{}\n", Json::object({{"level", report.level},
                                         {"written", count(report.written)},
                                         {"unchanged", count(report.unchanged)},
                                         {"removed", count(report.removed)},
                                         {"heights", report.heights},
                                         {"reached", report.reached},
                                         {"seeds", report.seeds}})
                               .text());
        return;
    }
    fmt::print(
        "level {}: of {} pixels with a height the river reaches {} at some level; {} dalles written, {} "
        "as they were, {} removed\n",
        report.level, report.heights, report.reached, report.written, report.unchanged, report.removed);
    fmt::print(
        "now: ardoise build {} --into STORE --name NAME --tms {} --bottom {} --bands 1,2 --resampling near\n",
        options.into.string(), options.tile_matrix_set, report.level);
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = flood_command_line().parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const options = flood_options(*values);
    auto const report = make_flood_model(options, TileMatrixSetLibrary{{}});
    say_result(report, options, values->contains("json"));
    return ExitCode::done;
}

} // namespace

Command const flood_command{"flood", "terrain models in, levels at which a river floods them out", run};

} // namespace ardoise
