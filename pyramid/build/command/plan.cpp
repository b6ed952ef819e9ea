// SPDX-License-Identifier: Apache-2.0
// `ardoise plan`: a build cut into pieces, for Slurm arrays, Kubernetes Indexed Jobs or any other queue.
#include "pyramid/build/command/build_options.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/shared_build.hpp"

#include <fmt/format.h>

#include "pyramid/base/json.hpp"

namespace ardoise {

namespace {

namespace po = boost::program_options;

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = build_command_line("plan");
    auto add = line.options.add_options();
    add("pieces", po::value<std::size_t>()->value_name("N"), "into how many the build is cut");
    add("plan", po::value<std::string>()->value_name("FILE"),
        "where the plan is written, for work and finish");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    for (char const* option : {"pieces", "plan"})
        if (!values->contains(option))
            throw UsageError{fmt::format("--{} is missing", option)};
    auto const pieces = (*values)["pieces"].as<std::size_t>();
    if (pieces < 1 || pieces > 1'000'000)
        throw UsageError{"--pieces wants a number from 1 to 1000000"};
    std::filesystem::path const file = (*values)["plan"].as<std::string>();

    SharedBuild build{prepare_build(build_options(*values), library_of_store(*values)), pieces};
    write_plan(file, build);
    if (values->contains("json")) {
        fmt::print("{}\n",
                   Json::object({{"pieces", static_cast<std::int64_t>(build.pieces)},
                                 {"patches", static_cast<std::int64_t>(build.prepared.plan.patches.size())}})
                       .text());
        return ExitCode::done;
    }
    for (auto const& words : plan_lines(build.prepared))
        fmt::print("{}\n", words);
    fmt::print(
        "{} pieces. Run `ardoise work {} --piece N` for N from 0 to {}, anywhere; then `ardoise finish {}`\n",
        build.pieces, file.string(), build.pieces - 1, file.string());
    return ExitCode::done;
}

} // namespace

Command const plan_command{"plan", "a build cut into pieces for many machines", run};

} // namespace ardoise
