// SPDX-License-Identifier: Apache-2.0
// `ardoise finish`: the pieces of a planned build put together and published.
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/outcome.hpp"
#include "pyramid/build/shared_build.hpp"
#include "pyramid/store/revisions.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

std::string descriptors_of(BuildOptions const& options)
{
    std::vector<std::string> names;
    for (auto const& product : options.products)
        names.push_back(descriptor_file(options.store, product.name).string());
    return fmt::format("{}", fmt::join(names, ", "));
}

ExitCode run(std::vector<std::string> const& arguments)
{
    CommandLine line{
        .usage = "ardoise finish PLAN", .options = po::options_description{"Options"}, .positional = "plan"};
    auto add = line.options.add_options();
    add("plan", po::value<std::string>()->value_name("FILE"), "what `ardoise plan` has written");
    add("json", "for machines");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    if (!values->contains("plan"))
        throw UsageError{"no PLAN is given"};
    auto const build = read_plan((*values)["plan"].as<std::string>());
    auto const report = finish(build);
    if (values->contains("json")) {
        fmt::print("{}\n", Json::object({{"slabs", static_cast<std::int64_t>(report.slabs)},
                                         {"bytes", static_cast<std::int64_t>(report.bytes)}})
                               .text());
        return ExitCode::done;
    }
    if (report.products.empty()) {
        fmt::print("this build was finished already: {}\n", descriptors_of(build.prepared.options));
        return ExitCode::done;
    }
    fmt::print("{}\n", written_text(report.products, report.slabs, report.bytes));
    for (auto const& facts : report.products)
        fmt::print("{}\n", outcome_text(facts, build.prepared.options.store));
    return ExitCode::done;
}

} // namespace

Command const finish_command{"finish", "the pieces of a planned build put together and published", run};

} // namespace ardoise
