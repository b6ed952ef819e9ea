// SPDX-License-Identifier: Apache-2.0
// The sub-commands of `ardoise`: one source file each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

/// What a command returns to the shell.
enum class ExitCode : int { done = 0, failed = 1, usage = 2 };

struct Command {
    std::string_view name;
    std::string_view summary;
    /// Gets what follows the command's name. Throws UsageError or Failure; main turns them into a sentence
    /// and a code.
    ExitCode (*run)(std::vector<std::string> const& arguments);
};

extern Command const build_command, export_command, finish_command, flood_command, import_command,
    inspect_command, plan_command, remove_command, rollback_command, sample_command, style_command,
    update_command, verify_command, work_command;

} // namespace ardoise
