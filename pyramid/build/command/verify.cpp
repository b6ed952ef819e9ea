// SPDX-License-Identifier: Apache-2.0
// `ardoise verify`: every slab against its checksums and index.
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/store/checksums.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = pyramid_command_line("ardoise verify STORE/NAME.json").parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const result = verify(read_pyramid(descriptor_in(*values), library_for(*values)));
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
