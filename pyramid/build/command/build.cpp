// SPDX-License-Identifier: Apache-2.0
// `ardoise build`: orthophotos in, pyramids out.
#include "pyramid/build/builder.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/build/command/build_options.hpp"
#include "pyramid/build/command/build_outlook.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/outcome.hpp"
#include "pyramid/build/command/progress.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

/// Where a build says what it has to say: on standard output unless that is for machines, and in the log.
class Voice {
public:
    Voice(bool json, po::variables_map const& values)
        : json_{json}, log_{values.contains("log") ? values["log"].as<std::string>() : ""}
    {
    }

    void say(std::string const& line)
    {
        if (!json_)
            fmt::print("{}\n", line);
        log_.line(line);
    }
    void warn(std::string const& line)
    {
        fmt::print(stderr, "{}\n", line);
        log_.line(line);
    }
    WorkLog& log() { return log_; }

private:
    bool json_;
    WorkLog log_;
};

void say_plan(PreparedBuild const& prepared, Voice& voice)
{
    for (auto const& line : plan_lines(prepared))
        voice.say(line);
}

Json result_json(BuildReport const& report, double seconds)
{
    auto products = Json::array();
    for (auto const& facts : report.products)
        products.add(quality_json(facts));
    return Json::object({{"slabs", static_cast<std::int64_t>(report.slabs)},
                         {"bytes", static_cast<std::int64_t>(report.bytes)},
                         {"base_megapixels", static_cast<double>(report.base_pixels) / 1e6},
                         {"seconds", seconds},
                         {"products", std::move(products)}});
}

void say_result(BuildReport const& report, double seconds, PreparedBuild const& prepared, Voice& voice)
{
    double const megapixels = static_cast<double>(report.base_pixels) / 1e6;
    voice.say(fmt::format("{}; {:.0f} Mpx of base level in {:.1f} s ({:.1f} Mpx/s)",
                          written_text(report.products, report.slabs, report.bytes), megapixels, seconds,
                          megapixels / std::max(seconds, 1e-3)));
    for (auto const& facts : report.products)
        voice.say(outcome_text(facts, prepared.options.store));
}

void say_outlook(PreparedBuild const& prepared, Voice& voice, bool json)
{
    auto const expectation = expect(prepared);
    if (json)
        fmt::print("{}\n", outlook_json(prepared, expectation).text());
    for (auto const& line : outlook_lines(prepared, expectation))
        voice.say(line);
}

void run_build(PreparedBuild const& prepared, Voice& voice, bool json)
{
    auto const start = std::chrono::steady_clock::now();
    Progress progress{"patches", json ? ProgressStyle::json : usual_progress_style()};
    progress.weigh(static_cast<double>(prepared.plan.baked_pixels()) / 1e6 /
                   static_cast<double>(prepared.plan.patches.size()));
    progress.keep_in(voice.log());
    auto const report =
        build(prepared, [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (json)
        fmt::print("{}\n", result_json(report, seconds).text());
    say_result(report, seconds, prepared, voice);
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = build_command_line("build");
    auto add = line.options.add_options();
    add("dry-run", "say what would be built, what it would take, and stop");
    add("log", po::value<std::string>()->value_name("FILE"),
        "append to it what is said and how far the work is, with times");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json"), dry_run = values->contains("dry-run");
    Voice voice{json, *values};
    try {
        auto const prepared = prepare_build(build_options(*values), library_of_store(*values));
        say_plan(prepared, voice);
        if (auto const warning = warning_of_space(prepared); !warning.empty())
            voice.warn(warning);
        if (dry_run)
            say_outlook(prepared, voice, json);
        else
            run_build(prepared, voice, json);
    } catch (std::exception const& failure) {
        voice.log().line(fmt::format("failed: {}", failure.what()));
        throw;
    }
    return ExitCode::done;
}

} // namespace

Command const build_command{"build", "orthophotos in, pyramids out", run};

} // namespace ardoise
