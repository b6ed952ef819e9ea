// SPDX-License-Identifier: Apache-2.0
// `ardoise rollback`: back to the revision before.
#include "pyramid/store/rollback.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/build/command/change_list_option.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = pyramid_command_line("ardoise rollback STORE/NAME.json");
    add_changed_option(line);
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const descriptor = descriptor_in(*values);
    auto const [from, pyramid, list] = roll_back(descriptor, library_for(*values), change_list_in(*values));
    hand_over_change_list(*values, pyramid, list, command_for_last_list(descriptor));
    if (values->contains("json"))
        fmt::print("{}\n", Json::object({{"from", from}, {"revision", pyramid.revision}}).text());
    else
        fmt::print("{}: revision {} is published again, in the place of {}\n", pyramid.name, pyramid.revision,
                   from);
    return ExitCode::done;
}

} // namespace

Command const rollback_command{"rollback", "back to the revision before", run};

} // namespace ardoise
