// SPDX-License-Identifier: Apache-2.0
// `ardoise verify`: every slab against its checksums and index.
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/store/checksums.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

namespace po = boost::program_options;

ExitCode run(std::vector<std::string> const& arguments)
{
    CommandLine line{.usage = "ardoise verify STORE/NAME.json",
                     .options = po::options_description{"Options"},
                     .positional = "descriptor"};
    auto add = line.options.add_options();
    add("descriptor", po::value<std::string>()->value_name("FILE"), "the pyramid's descriptor");
    add("tms", po::value<std::vector<std::string>>()->value_name("DIR")->composing(),
        "further folder of tile matrix sets");
    add("json", "for machines");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    if (!values->contains("descriptor"))
        throw UsageError{"no descriptor is given"};
    std::filesystem::path const descriptor = (*values)["descriptor"].as<std::string>();
    auto const result = verify(descriptor, read_pyramid(descriptor, library_for(*values)));
    if (values->contains("json")) {
        auto damages = Json::array();
        for (auto const& damage : result.damages)
            damages.add(damage);
        fmt::print("{}\n", Json::object({{"slabs", static_cast<std::int64_t>(result.slabs)},
                                         {"bytes", static_cast<std::int64_t>(result.bytes)},
                                         {"damages", std::move(damages)}})
                               .text());
    } else {
        for (auto const& damage : result.damages)
            fmt::print("{}\n", damage);
        fmt::print("{} slab files, {:.1f} MB, {} damaged\n", result.slabs,
                   static_cast<double>(result.bytes) / 1e6, result.damages.size());
    }
    return result.damages.empty() ? ExitCode::done : ExitCode::failed;
}

} // namespace

Command const verify_command{"verify", "every slab against its checksums and index", run};

} // namespace ardoise
