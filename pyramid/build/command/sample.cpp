// SPDX-License-Identifier: Apache-2.0
// `ardoise sample`: a made-up city to try everything on.
#include "pyramid/build/sample/sample.hpp"

#include "pyramid/base/number.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/progress.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

std::vector<int> parse_years(std::string const& text)
{
    std::vector<int> years;
    std::string_view rest = text;
    while (true) {
        auto const comma = rest.find(',');
        auto const year = parse_number<int>(rest.substr(0, comma));
        if (!year || *year < 1900 || *year > 2100)
            throw UsageError{fmt::format(
                "--years wants years with commas between them, as in 2005,2022, not \"{}\"", text)};
        years.push_back(*year);
        if (comma == std::string_view::npos)
            return years;
        rest.remove_prefix(comma + 1);
    }
}

ExitCode run(std::vector<std::string> const& arguments)
{
    CommandLine line{.usage = "ardoise sample --into DIR [--dalles 8x8] [--years 2005,2022] [--seed N]",
                     .options = po::options_description{"Options"},
                     .positional = ""};
    auto add = line.options.add_options();
    add("into", po::value<std::string>()->value_name("DIR"), "folder to write to");
    add("dalles", po::value<std::string>()->default_value("8x8")->value_name("WxH"),
        "dalles of 200 m, east and north");
    add("years", po::value<std::string>()->default_value("2005,2022")->value_name("Y,Y"), "flights");
    add("seed", po::value<std::uint64_t>()->default_value(1)->value_name("N"), "another seed, another city");
    add_jobs_option(line, "threads");
    add("json", "progress for machines");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    if (!values->contains("into"))
        throw UsageError{"--into is missing"};
    SampleOptions options;
    options.into = (*values)["into"].as<std::string>();
    std::tie(options.columns, options.rows) =
        parse_pair((*values)["dalles"].as<std::string>(), "dalles", 10'000);
    options.years = parse_years((*values)["years"].as<std::string>());
    options.seed = (*values)["seed"].as<std::uint64_t>();
    options.jobs = (*values)["jobs"].as<unsigned>();
    Progress progress{"dalles", values->contains("json") ? ProgressStyle::json : usual_progress_style()};
    make_sample(options, [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    return ExitCode::done;
}

} // namespace

Command const sample_command{"sample", "a made-up city at 5 cm to try everything on", run};

} // namespace ardoise
