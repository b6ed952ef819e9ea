// SPDX-License-Identifier: Apache-2.0
// `ardoise update`: a pyramid brought up to date with its sources.
#include "pyramid/build/update.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/build/command/change_list_option.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/outcome.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/lost_detail.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

CommandLine command_line()
{
    auto line = pyramid_command_line("ardoise update STORE/NAME.json [SOURCE...]\n"
                                     "       one pyramid at a time: where several --product were built from "
                                     "one read, update each of them");
    auto add = line.options.add_options();
    add("source", po::value<std::vector<std::string>>()->value_name("SOURCE"),
        "sources beside those that it was made from, in any number");
    add_changed_option(line);
    add("keep", po::value<std::size_t>()->default_value(2)->value_name("N"),
        "revisions that stay, the new one among them. A server goes on with the one before until it has read "
        "the new one: with 1, it answers 503 until then for slabs that it has not opened");
    add("forget-missing", "a named source that is not there any more takes its pixels with it");
    add_memory_option(line);
    add_jobs_option(line, "threads");
    add("dry-run", "say what would be rebuilt, and stop");
    line.further_positional = "source";
    return line;
}

UpdateOptions update_options(po::variables_map const& values)
{
    UpdateOptions options{.descriptor = descriptor_in(values), .more_sources = {}};
    if (values.contains("source"))
        options.more_sources = values["source"].as<std::vector<std::string>>();
    options.forget_missing = values.contains("forget-missing");
    options.jobs = values["jobs"].as<unsigned>();
    if (options.jobs > 256)
        throw UsageError{"--jobs wants at most 256"};
    options.memory = memory_in(values);
    options.keep = values["keep"].as<std::size_t>();
    if (options.keep < 1)
        throw UsageError{"--keep wants at least 1: the new revision itself"};
    if (!values.contains("dry-run"))
        options.change_list = change_list_in(values);
    return options;
}

Json to_json(PreparedUpdate const& prepared)
{
    auto const count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
    return Json::object({{"added", count(prepared.added)},
                         {"replaced", count(prepared.replaced)},
                         {"removed", count(prepared.removed)},
                         {"sources", count(prepared.build.sources.size())},
                         {"patches", count(prepared.patches.size())},
                         {"all_patches", count(prepared.build.plan.patches.size())}});
}

/// Of the revision that is published: one that was killed may have published it before anybody got the list.
void hand_over_last_list(PreparedUpdate const& prepared, po::variables_map const& values)
{
    auto const list = last_change_list(prepared);
    hand_over_change_list(values, prepared.before, list, command_for_last_list(prepared.options.descriptor));
    if (!values.contains("json"))
        fmt::print("nothing to do; {} holds the list of revision {} once more: {} tiles\n",
                   values["changed"].as<std::string>(), prepared.before.revision, list.size());
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = command_line().parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json");
    auto const prepared = prepare_update(update_options(*values), library_for(*values));
    if (!json)
        fmt::print("{} sources: {} added, {} replaced, {} removed; {} of {} patches to be baked anew\n",
                   prepared.build.sources.size(), prepared.added, prepared.replaced, prepared.removed,
                   prepared.patches.size(), prepared.build.plan.patches.size());
    if (auto const lost = lost_detail_text(prepared.build.plan); !json && !lost.empty())
        fmt::print("{}, in a new build: an update keeps the levels\n", lost);
    auto facts = to_json(prepared);
    if (values->contains("dry-run") || prepared.nothing_to_do()) {
        if (json)
            fmt::print("{}\n", facts.text());
        if (prepared.options.change_list == ListIs::owed)
            hand_over_last_list(prepared, *values);
        return ExitCode::done;
    }
    Progress progress{"patches", json ? ProgressStyle::json : usual_progress_style()};
    progress.weigh(static_cast<double>(prepared.build.plan.baked_pixels()) / 1e6 /
                   static_cast<double>(prepared.build.plan.patches.size()));
    auto const report =
        update(prepared, [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    hand_over_change_list(*values, report.published, report.change_list,
                          command_for_last_list(prepared.options.descriptor));
    if (json) {
        facts.set("revision", prepared.revision);
        facts.set("slabs", static_cast<std::int64_t>(report.slabs));
        facts.set("bytes", static_cast<std::int64_t>(report.bytes));
        facts.set("changed_tiles", static_cast<std::int64_t>(report.changed.size()));
        facts.set("quality", quality_json(report.facts));
        fmt::print("{}\n", facts.text());
    } else {
        fmt::print("revision {}: {}; {} tiles changed\n", prepared.revision,
                   written_text({report.facts}, report.slabs, report.bytes), report.changed.size());
        fmt::print("{}\n", outcome_text(report.facts, prepared.options.descriptor.parent_path()));
    }
    return ExitCode::done;
}

} // namespace

Command const update_command{"update", "a pyramid brought up to date with its sources", run};

} // namespace ardoise
