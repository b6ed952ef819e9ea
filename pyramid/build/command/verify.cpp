// SPDX-License-Identifier: Apache-2.0
// `ardoise verify`: every slab against its checksums and index.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/repair.hpp"
#include "pyramid/store/checksums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace ardoise {

namespace {

namespace po = boost::program_options;

/// Puts right what can be; returns what is damaged afterwards.
Verification repaired(Verification const& found, Pyramid const& pyramid, po::variables_map const& values)
{
    if (found.damages.size() > 0 && found.damaged_files.empty())
        fail("{}: has no checksums, so nothing says what its slabs should be; build it anew", pyramid.name);
    Progress progress{"patches", values.contains("json") ? ProgressStyle::json : usual_progress_style()};
    auto const beyond =
        repair(pyramid, found.damaged_files, library_for(values), values["jobs"].as<unsigned>(),
               memory_in(values), [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    if (!beyond.empty())
        fail("{}: {} does not come out of its sources as it was published; build the pyramid anew",
             pyramid.name, beyond.front().slab);
    return verify(pyramid);
}

/// The first few of many.
std::string some_of(std::vector<std::string> const& names)
{
    constexpr std::size_t most = 5;
    auto const shown = std::span{names}.first(std::min(most, names.size()));
    return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > most ? ", ..." : "");
}

void print(Verification const& result, bool json)
{
    if (json) {
        auto damages = Json::array();
        for (auto const& damage : result.damages)
            damages.add(damage);
        auto unlisted = Json::array();
        for (auto const& file : result.unlisted)
            unlisted.add(file);
        fmt::print("{}\n", Json::object({{"slabs", static_cast<std::int64_t>(result.slabs)},
                                         {"bytes", static_cast<std::int64_t>(result.bytes)},
                                         {"damages", std::move(damages)},
                                         {"unlisted", std::move(unlisted)}})
                               .text());
        return;
    }
    for (auto const& damage : result.damages)
        fmt::print("{}\n", damage);
    if (!result.unlisted.empty())
        fmt::print("warning: {} files lie among the slabs and are none of them; nobody needs them: {}\n",
                   result.unlisted.size(), some_of(result.unlisted));
    fmt::print("{} slab files, {:.1f} MB, {} damaged\n", result.slabs,
               static_cast<double>(result.bytes) / 1e6, result.damages.size());
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = pyramid_command_line("ardoise verify STORE/NAME.json");
    auto add = line.options.add_options();
    add("repair", "make damaged slabs anew from the sources");
    add_memory_option(line);
    add("jobs", po::value<unsigned>()->default_value(0)->value_name("N"), "threads that repair (one a core)");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const pyramid = read_pyramid(descriptor_in(*values), library_for(*values));
    auto result = verify(pyramid);
    if (!result.damages.empty() && values->contains("repair")) {
        if (!values->contains("json"))
            print(result, false);
        result = repaired(result, pyramid, *values);
    } else if (values->contains("repair")) {
        clear_after_repair(pyramid);
    }
    print(result, values->contains("json"));
    return result.damages.empty() ? ExitCode::done : ExitCode::failed;
}

} // namespace

Command const verify_command{"verify", "every slab against its checksums and index", run};

} // namespace ardoise
