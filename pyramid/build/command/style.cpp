// SPDX-License-Identifier: Apache-2.0
// `ardoise style`: a pyramid of the pictures that a style makes of another one.
#include "pyramid/build/styling/styling.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/build/command/change_list_option.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/progress.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

CommandLine command_line()
{
    auto line = pyramid_command_line(
        "ardoise style STORE/NAME.json --style STYLE --into STORE --name PICTURES\n"
        "       draws each tile of each level as the server draws it in that style, and stores the pictures "
        "as a "
        "pyramid.\n"
        "       When NAME was updated, the same command once more draws what changed, as a new revision");
    auto add = line.options.add_options();
    add("style", po::value<std::string>()->value_name("STYLE"),
        "one that ships, one of STORE/styles, \"classes\", or the path of a file STYLE.json");
    add("water-level", po::value<double>()->value_name("M"),
        "of a style of water: a number, as the style states levels");
    add("into", po::value<std::string>()->value_name("STORE"), "folder of the pyramids");
    add("name", po::value<std::string>()->value_name("PICTURES"), "of the pyramid of pictures");
    add("format", po::value<std::string>()->default_value("png")->value_name("F"),
        "png, webp, jpg, zip, lzw, pkb or raw; the first two have an alpha, the others masks");
    add("quality", po::value<int>()->default_value(85)->value_name("Q"), "of JPEG and WebP, 1 to 100");
    add("keep", po::value<std::size_t>()->default_value(2)->value_name("N"),
        "revisions that stay, the new one among them, as with `ardoise update`");
    add_changed_option(line);
    add_memory_option(line);
    add_jobs_option(line, "threads that draw");
    return line;
}

StylingOptions styling_options(po::variables_map const& values)
{
    StylingOptions options{.descriptor = descriptor_in(values)};
    options.style = required(values, "style");
    if (values.contains("water-level"))
        options.water_level = values["water-level"].as<double>();
    options.store = required(values, "into");
    options.name = required(values, "name");
    options.format = values["format"].as<std::string>();
    options.quality = values["quality"].as<int>();
    if (options.quality < 1 || options.quality > 100)
        throw UsageError{fmt::format("--quality wants a number from 1 to 100, not {}", options.quality)};
    options.keep = values["keep"].as<std::size_t>();
    if (options.keep < 1)
        throw UsageError{"--keep wants at least 1: the new revision itself"};
    options.change_list = change_list_in(values);
    options.memory = memory_in(values);
    options.jobs = values["jobs"].as<unsigned>();
    if (options.jobs > 256)
        throw UsageError{"--jobs wants at most 256"};
    return options;
}

/// The list of the revision that stands may not have reached its reader.
ExitCode say_nothing_to_do(PreparedStyling const& prepared, po::variables_map const& values)
{
    auto const& before = *prepared.before;
    if (values.contains("json"))
        fmt::print("{}\n", Json::object({{"revision", before.revision}, {"drawn_slabs", 0}}).text());
    else
        fmt::print("nothing to do: revision {} of {} shows {} as it is\n", before.revision, before.name,
                   prepared.source.name);
    if (prepared.options.change_list == ListIs::owed)
        hand_over_change_list(values, before, change_list_of(before), "the same command");
    return ExitCode::done;
}

void say_result(PreparedStyling const& prepared, StylingReport const& report, bool json)
{
    auto const count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
    if (json) {
        fmt::print("{}\n", Json::object({{"revision", report.published.revision},
                                         {"drawn_slabs", count(prepared.to_draw.size())},
                                         {"taken_over_files", count(prepared.taken_over.size())},
                                         {"files", count(report.files)},
                                         {"bytes", static_cast<std::int64_t>(report.bytes)},
                                         {"changed_tiles", count(report.changed.size())}})
                               .text());
        return;
    }
    fmt::print("revision {}: {} slabs drawn, {} files taken over; {} files with masks, {:.1f} MB",
               report.published.revision, prepared.to_draw.size(), prepared.taken_over.size(), report.files,
               static_cast<double>(report.bytes) / 1e6);
    if (prepared.before)
        fmt::print("; {} tiles changed", report.changed.size());
    fmt::print("\n");
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = command_line().parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json");
    auto const prepared = prepare_styling(styling_options(*values), library_for(*values));
    if (prepared.is_up_to_date)
        return say_nothing_to_do(prepared, *values);
    Progress progress{"places of tiles", json ? ProgressStyle::json : usual_progress_style()};
    auto const report = style_pyramid(prepared, [&](std::int64_t done, std::int64_t total) {
        progress.show(static_cast<std::size_t>(done), static_cast<std::size_t>(total));
    });
    hand_over_change_list(*values, report.published, report.change_list, "the same command");
    say_result(prepared, report, json);
    return ExitCode::done;
}

} // namespace

Command const style_command{"style", "a pyramid of the pictures that a style makes of another one", run};

} // namespace ardoise
