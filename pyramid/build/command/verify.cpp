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

void print_mended(std::vector<std::string> const& mended)
{
    constexpr std::size_t most = 20;
    for (auto const& file : std::span{mended}.first(std::min(most, mended.size())))
        fmt::print("mended: {}\n", file);
    if (mended.size() > most)
        fmt::print("mended: and {} more\n", mended.size() - most);
}

/// Puts right what can be, and says what that was; returns the names.
std::vector<std::string> mend(Verification const& found, Pyramid const& pyramid,
                              po::variables_map const& values)
{
    bool const json = values.contains("json");
    if (found.damages.size() > 0 && found.damaged_files.empty())
        fail("{}: has no checksums, so nothing says what its slabs should be; build it anew", pyramid.name);
    Progress progress{"patches", json ? ProgressStyle::json : usual_progress_style()};
    auto const beyond =
        repair(pyramid, found.damaged_files, library_for(values), values["jobs"].as<unsigned>(),
               memory_in(values), [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    std::vector<std::string> mended;
    for (auto const& file : found.damaged_files)
        if (std::find(beyond.begin(), beyond.end(), file) == beyond.end())
            mended.push_back(file.slab);
    if (!json)
        print_mended(mended);
    if (!beyond.empty())
        fail("{}: {} does not come out of its sources as it was published; build the pyramid anew",
             pyramid.name, beyond.front().slab);
    return mended;
}

/// The first few of many.
std::string some_of(std::vector<std::string> const& names)
{
    constexpr std::size_t most = 5;
    auto const shown = std::span{names}.first(std::min(most, names.size()));
    return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > most ? ", ..." : "");
}

Json to_json(std::vector<std::string> const& names)
{
    auto json = Json::array();
    for (auto const& name : names)
        json.add(name);
    return json;
}

Json to_json(Verification const& result)
{
    return Json::object({{"slabs", static_cast<std::int64_t>(result.slabs)},
                         {"bytes", static_cast<std::int64_t>(result.bytes)},
                         {"damages", to_json(result.damages)},
                         {"unlisted", to_json(result.unlisted)}});
}

void print(Verification const& result)
{
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
    add_jobs_option(line, "threads that repair");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json"), wants_repair = values->contains("repair");
    auto const pyramid = read_pyramid(descriptor_in(*values), library_for(*values));
    auto result = verify(pyramid);
    std::vector<std::string> mended;
    if (wants_repair && !result.damages.empty()) {
        if (!json)
            print(result);
        mended = mend(result, pyramid, *values);
        result = verify(pyramid);
    } else if (wants_repair) {
        clear_after_repair(pyramid);
    }
    if (json) {
        auto facts = to_json(result);
        if (wants_repair)
            facts.set("mended", to_json(mended));
        fmt::print("{}\n", facts.text());
    } else {
        print(result);
    }
    return result.damages.empty() ? ExitCode::done : ExitCode::failed;
}

} // namespace

Command const verify_command{"verify", "every slab against its checksums and index", run};

} // namespace ardoise
