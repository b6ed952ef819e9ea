// SPDX-License-Identifier: Apache-2.0
// `ardoise plan`: a build cut into pieces, for Slurm arrays, Kubernetes Indexed Jobs or any other queue.
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/build_options.hpp"
#include "pyramid/build/command/build_outlook.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/shared_build.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

std::size_t pieces_in(po::variables_map const& values)
{
    if (!values.contains("pieces"))
        throw UsageError{
            "--pieces is missing: into how many the build is cut, as in --pieces 200 for 50 machines"};
    auto const pieces = values["pieces"].as<std::size_t>();
    if (pieces < 1 || pieces > 1'000'000)
        throw UsageError{"--pieces wants a number from 1 to 1000000"};
    return pieces;
}

std::filesystem::path plan_file_in(po::variables_map const& values)
{
    if (!values.contains("plan"))
        throw UsageError{
            "--plan is missing: the file that is written for work and finish, as in --plan plan.json, "
            "where every machine sees it"};
    return values["plan"].as<std::string>();
}

void say_what_it_takes(po::variables_map const& values)
{
    auto const prepared = prepare_build(build_options(values), library_of_store(values));
    auto const expectation = expect(prepared);
    if (values.contains("json")) {
        fmt::print("{}\n", outlook_json(prepared, expectation).text());
        return;
    }
    for (auto const& lines : {plan_lines(prepared), outlook_lines(prepared, expectation)})
        for (auto const& line : lines)
            fmt::print("{}\n", line);
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = build_command_line("plan", " --pieces N --plan FILE");
    auto add = line.options.add_options();
    add("pieces", po::value<std::size_t>()->value_name("N"),
        "into how many the build is cut: a few for each machine, so that none waits long for the last");
    add("plan", po::value<std::string>()->value_name("FILE"),
        "where the plan is written, for work and finish: where every machine sees it");
    add("dry-run", "say what would be planned, what it would take on this machine, and stop");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    if (values->contains("dry-run")) {
        say_what_it_takes(*values);
        return ExitCode::done;
    }
    auto const pieces = pieces_in(*values);
    auto const file = plan_file_in(*values);
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
