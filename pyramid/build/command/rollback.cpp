// SPDX-License-Identifier: Apache-2.0
// `ardoise rollback`: back to the revision before.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/store/revisions.hpp"

#include <algorithm>

namespace ardoise {

namespace {

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = pyramid_command_line("ardoise rollback STORE/NAME.json").parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const descriptor = std::filesystem::absolute(descriptor_in(*values));
    auto const pyramid = read_pyramid(descriptor, library_for(*values));
    auto const revisions = revisions_of(descriptor.parent_path(), pyramid.name);
    auto const present = std::lower_bound(revisions.begin(), revisions.end(), pyramid.revision);
    if (present == revisions.begin())
        fail("{}: revision {} is published, and none before it is kept (`ardoise update --keep`)",
             descriptor.string(), pyramid.revision);
    auto const earlier = *std::prev(present);
    publish_again(descriptor.parent_path(), pyramid.name, earlier);
    if (values->contains("json"))
        fmt::print("{}\n", Json::object({{"from", pyramid.revision}, {"revision", earlier}}).text());
    else
        fmt::print("{}: revision {} is published again, in the place of {}\n", pyramid.name, earlier,
                   pyramid.revision);
    return ExitCode::done;
}

} // namespace

Command const rollback_command{"rollback", "back to the revision before", run};

} // namespace ardoise
