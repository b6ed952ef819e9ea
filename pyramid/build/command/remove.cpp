// SPDX-License-Identifier: Apache-2.0
// `ardoise remove`: a pyramid taken out of its store.
#include "pyramid/store/removal.hpp"

#include "pyramid/base/json_path.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// What people wrote of it is theirs.
fs::path description_of(fs::path const& descriptor)
{
    return descriptor.parent_path() / "layers" / descriptor.filename();
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values =
        pyramid_command_line(
            "ardoise remove STORE/NAME.json\n"
            "       asks nothing: descriptor, list, slabs of all revisions and unfinished work go; "
            "tile matrix sets and layers/NAME.json stay.\n"
            "       If it was killed, the same command goes on")
            .parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const [removed, bytes] = remove_pyramid(descriptor_in(*values), library_for(*values));
    if (values->contains("json")) {
        auto paths = Json::array();
        for (auto const& path : removed)
            paths.add(path_json(path));
        fmt::print("{}\n",
                   Json::object({{"removed", std::move(paths)}, {"bytes", static_cast<std::int64_t>(bytes)}})
                       .text());
        return ExitCode::done;
    }
    for (auto const& path : removed)
        fmt::print("removed: {}\n", path.string());
    fmt::print("{:.1f} MB\n", static_cast<double>(bytes) / 1e6);
    if (auto const description = description_of(descriptor_in(*values)); fs::exists(description))
        fmt::print("kept: {}, which describes it and describes the next pyramid of this name, too\n",
                   description.string());
    return ExitCode::done;
}

} // namespace

Command const remove_command{"remove", "a pyramid taken out of its store", run};

} // namespace ardoise
