// SPDX-License-Identifier: Apache-2.0
// `ardoise`: the pyramid tool.
#include "pyramid/base/descriptors.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/freed_memory.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"

#include <cstdio>

namespace {

using namespace ardoise;

Command const* const commands[] = {&sample_command,   &flood_command,  &build_command,  &update_command,
                                   &rollback_command, &plan_command,   &work_command,   &finish_command,
                                   &style_command,    &import_command, &export_command, &inspect_command,
                                   &verify_command,   &remove_command};

void print_usage(std::FILE* to)
{
    fmt::print(to, "usage: ardoise COMMAND ...\n\n");
    for (auto const* command : commands)
        fmt::print(to, "  {:<10} {}\n", command->name, command->summary);
    fmt::print(to, "\n`ardoise COMMAND --help` tells more, `ardoise --version` which Ardoise this is.\n"
                   "Exit codes: 0 done, 1 the work failed, 2 usage.\n");
}

ExitCode run(Command const& command, std::vector<std::string> const& arguments)
{
    try {
        return command.run(arguments);
    } catch (UsageError const& mistake) {
        fmt::print(stderr, "ardoise {}: {}\nTry `ardoise {} --help`.\n", command.name, mistake.what(),
                   command.name);
        return ExitCode::usage;
    } catch (std::bad_alloc const&) {
        fmt::print(stderr, "ardoise {}: there is not enough memory; use fewer --jobs or a smaller --slab\n",
                   command.name);
        return ExitCode::failed;
    } catch (std::exception const& failure) {
        fmt::print(stderr, "ardoise {}: {}\n", command.name, failure.what());
        return ExitCode::failed;
    }
}

} // namespace

int main(int count, char** values)
{
    constexpr int more_than_any_raster = 512 << 20;
    keep_freed_memory(more_than_any_raster, more_than_any_raster);
    raise_descriptor_limit();
    std::vector<std::string> arguments{values + std::min(count, 1), values + count};
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
        print_usage(arguments.empty() ? stderr : stdout);
        return static_cast<int>(arguments.empty() ? ExitCode::usage : ExitCode::done);
    }
    if (arguments[0] == "--version") {
        fmt::print("ardoise {}\n", ARDOISE_VERSION);
        return static_cast<int>(ExitCode::done);
    }
    for (auto const* command : commands)
        if (command->name == arguments[0]) {
            arguments.erase(arguments.begin());
            return static_cast<int>(run(*command, arguments));
        }
    fmt::print(stderr, "ardoise: there is no command \"{}\"\n\n", arguments[0]);
    print_usage(stderr);
    return static_cast<int>(ExitCode::usage);
}
