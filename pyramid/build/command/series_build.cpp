// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/series_build.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/sources/cf_time.hpp"
#include "pyramid/sources/netcdf_axis.hpp"
#include "pyramid/sources/source_files.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <algorithm>
#include <set>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

/// What a server takes for one series.
constexpr std::size_t most_steps = 5000;

fs::path series_file(fs::path const& store, std::string const& name)
{
    return store / "layers" / (name + ".json");
}

std::vector<CalendarTime> times_of(NetcdfAxis const& axis, fs::path const& file)
try {
    CfTime const counting{axis.units, axis.calendar};
    std::vector<CalendarTime> times;
    for (double const value : axis.values)
        times.push_back(counting.at(value));
    if (std::set<CalendarTime>{times.begin(), times.end()}.size() != times.size())
        fail("two of its steps have the same time");
    return times;
} catch (Failure const& failure) {
    fail("{}: {}", file.string(), failure.what());
}

void check_free(fs::path const& store, std::string const& name)
{
    check_name(name);
    auto const file = series_file(store, name);
    if (is_there(file))
        fail("{}: describes a layer of that name already; take it away, or choose another --name",
             file.string());
    if (is_there(descriptor_file(store, name)))
        refuse_taken_name(store, name);
}

/// As it may stand in the name of a pyramid.
std::string suffix_of(std::string time)
{
    std::erase(time, ':');
    return time;
}

} // namespace

SeriesPlan plan_series(BuildOptions const& options)
{
    auto const files = find_source_files(options.sources);
    if (files.size() != 1)
        fail("--along wants one file, and {} are given", files.size());
    auto const& product = options.products.front();
    check_free(options.store, product.name);
    auto const axis = read_netcdf_axis(files.front(), options.source.variable, "time");
    auto const times = times_of(axis, files.front());
    SeriesPlan series{.name = product.name,
                      .title = axis.unit.empty() ? axis.title : fmt::format("{} ({})", axis.title, axis.unit),
                      .steps = {},
                      .remarks = {}};
    if (times.size() > most_steps)
        fail("{}: has {} steps, and a series has at most {}; cut it with gdalmdimtranslate -subset",
             files.front().string(), times.size(), most_steps);
    bool const have_clock =
        std::any_of(times.begin(), times.end(), [](CalendarTime const& time) { return !time.is_midnight(); });
    for (std::size_t i = 0; i < times.size(); ++i) {
        SeriesStep step{product, have_clock ? date_and_clock_text(times[i]) : date_text(times[i])};
        step.product.name = fmt::format("{}-{}", product.name, suffix_of(step.time));
        step.product.bands = {static_cast<int>(i) + 1};
        series.steps.push_back(std::move(step));
    }
    if (!CfTime{axis.units, axis.calendar}.is_ours())
        series.remarks.push_back(fmt::format(
            "times are counted in the calendar {}; dates are kept as they read in it", axis.calendar));
    return series;
}

void publish_series(SeriesPlan const& series, fs::path const& store)
{
    auto members = Json::array();
    for (auto const& step : series.steps)
        members.add(Json::object({{"layer", step.product.name}, {"time", step.time}}));
    auto description = Json::object();
    if (!series.title.empty())
        description.set("title", series.title);
    description.set("dimensions", Json::object({{"members", std::move(members)}, {"hide_members", true}}));
    write_atomically(series_file(store, series.name), description.pretty_text());
}

} // namespace ardoise
