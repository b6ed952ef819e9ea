// SPDX-License-Identifier: Apache-2.0
// `ardoise work`: one piece of a planned build.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/shared_build.hpp"

#include <cstdlib>

namespace ardoise {

namespace {

namespace po = boost::program_options;

/// What queues call the number of an array's task.
constexpr char const* task_numbers[] = {"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "PBS_ARRAY_INDEX",
                                        "AWS_BATCH_JOB_ARRAY_INDEX"};

std::size_t piece_in(po::variables_map const& values)
{
    if (values.contains("piece"))
        return values["piece"].as<std::size_t>();
    for (char const* name : task_numbers)
        if (char const* text = std::getenv(name)) {
            auto const number = parse_number<std::size_t>(text);
            if (!number)
                throw UsageError{fmt::format("{} is \"{}\", no number of a piece", name, text)};
            return *number;
        }
    throw UsageError{"--piece is missing, and no array's task number is in the environment"};
}

ExitCode run(std::vector<std::string> const& arguments)
{
    CommandLine line{.usage = "ardoise work PLAN [--piece N]",
                     .options = po::options_description{"Options"},
                     .positional = "plan"};
    auto add = line.options.add_options();
    add("plan", po::value<std::string>()->value_name("FILE"), "what `ardoise plan` has written");
    add("piece", po::value<std::size_t>()->value_name("N"),
        "from 0; by default the array's task number of Slurm, Kubernetes, PBS or AWS Batch");
    add_memory_option(line);
    add_jobs_option(line, "threads");
    add("json", "progress for machines");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const piece = piece_in(*values);
    if (!values->contains("plan"))
        throw UsageError{"no PLAN is given"};
    auto const file = (*values)["plan"].as<std::string>();
    auto build = read_plan(file);
    if (piece >= build.pieces)
        fail("{}: has the pieces 0 to {}, and none of number {}", file, build.pieces - 1, piece);
    build.prepared.options.jobs = (*values)["jobs"].as<unsigned>();
    build.prepared.options.memory = memory_in(*values);
    Progress progress{"patches", values->contains("json") ? ProgressStyle::json : usual_progress_style()};
    work(build, piece, [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    return ExitCode::done;
}

} // namespace

Command const work_command{"work", "one piece of a planned build", run};

} // namespace ardoise
