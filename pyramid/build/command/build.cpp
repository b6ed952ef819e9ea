// SPDX-License-Identifier: Apache-2.0
// `ardoise build`: orthophotos in, pyramids out.
#include "pyramid/build/builder.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/bake_patches.hpp"
#include "pyramid/build/command/build_options.hpp"
#include "pyramid/build/command/build_outlook.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/outcome.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/command/series_build.hpp"
#include "pyramid/sources/source_files.hpp"
#include "pyramid/store/pyramid_writer.hpp"

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

/// Of a netCDF variable with time, which has a band a step, a build takes the first as if they were colours.
std::string warning_of_steps(PreparedBuild const& prepared)
{
    for (auto const& record : prepared.sources)
        for (auto const& product : prepared.options.products)
            if (auto const& source = record.source;
                source.file.extension() == ".nc" && source.bands > static_cast<int>(product.bands.size()))
                return fmt::format(
                    "warning: {}: {} of its {} bands are built; where these are steps of time, "
                    "--along time builds all of them",
                    source.file.string(), product.bands.size(), source.bands);
    return "";
}

/// Builds what is prepared, or says what that would take.
void work_or_say(PreparedBuild const& prepared, Voice& voice, po::variables_map const& values)
{
    bool const json = values.contains("json");
    say_plan(prepared, voice);
    if (auto const warning = warning_of_space(prepared); !warning.empty())
        voice.warn(warning);
    if (values.contains("dry-run"))
        say_outlook(prepared, voice, json);
    else
        run_build(prepared, voice, json);
}

void check_series_options(po::variables_map const& values)
{
    if (auto const along = values["along"].as<std::string>(); along != "time")
        throw UsageError{fmt::format("--along wants time, not \"{}\"", along)};
    for (char const* taken : {"product", "bands"})
        if (values.contains(taken))
            throw UsageError{
                fmt::format("--{} and --along exclude one another: each step is one band", taken)};
}

/// A step of a series that was killed between two of them stands already.
bool is_done(PreparedBuild const& step)
{
    auto const& product = step.options.products.front();
    if (is_published(product, step))
        return true;
    if (is_there(descriptor_file(step.options.store, product.name)))
        refuse_taken_name(step.options.store, product.name);
    return false;
}

void build_series(BuildOptions const& options, TileMatrixSetLibrary const& sets, Voice& voice,
                  po::variables_map const& values)
{
    auto const series = plan_series(options);
    voice.say(fmt::format("series {}: {} steps, {} to {}", series.name, series.steps.size(),
                          series.steps.front().time, series.steps.back().time));
    for (auto const& remark : series.remarks)
        voice.warn(remark);
    auto const records =
        describe_sources(find_source_files(options.sources), options.source, {}, threads_of(options));
    for (auto const& step : series.steps) {
        auto own = options;
        own.products = {step.product};
        auto const prepared = prepare_sources(std::move(own), sets, records);
        if (!is_done(prepared))
            work_or_say(prepared, voice, values);
        if (values.contains("dry-run"))
            return; // the others are alike
    }
    publish_series(series, options.store);
    voice.say(fmt::format("series {}: {} pyramids, and {}/layers/{}.json that joins them", series.name,
                          series.steps.size(), options.store.string(), series.name));
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = build_command_line("build");
    auto add = line.options.add_options();
    add("dry-run", "say what would be built, what it would take, and stop");
    add("log", po::value<std::string>()->value_name("FILE"),
        "append to it what is said and how far the work is, with times");
    add("along", po::value<std::string>()->value_name("time"),
        "with --name: a pyramid for each step of a netCDF variable, NAME-DATE, and the series NAME, in "
        "STORE/layers/NAME.json");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    Voice voice{values->contains("json"), *values};
    try {
        if (values->contains("along")) {
            check_series_options(*values);
            build_series(build_options(*values), library_of_store(*values), voice, *values);
        } else {
            auto const prepared = prepare_build(build_options(*values), library_of_store(*values));
            bool const bands_are_chosen = values->contains("bands") || values->contains("product");
            if (auto const warning = warning_of_steps(prepared); !bands_are_chosen && !warning.empty())
                voice.warn(warning);
            work_or_say(prepared, voice, *values);
        }
    } catch (std::exception const& failure) {
        voice.log().line(fmt::format("failed: {}", failure.what()));
        throw;
    }
    return ExitCode::done;
}

} // namespace

Command const build_command{"build", "orthophotos in, pyramids out", run};

} // namespace ardoise
