// SPDX-License-Identifier: Apache-2.0
// Reading a command's options: named, positional, --help, and one sentence for each mistake.
#pragma once

#include "pyramid/grid/tile_matrix_set_library.hpp"

#include <boost/program_options.hpp>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ardoise {

/// The command line does not make sense; the message says why.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One command's options. `positional` names the option that takes what stands without a name: any number of
/// times, or once where `further_positional` takes the rest.
struct CommandLine {
    std::string usage; // "ardoise build SOURCE... --into STORE ..."
    boost::program_options::options_description options;
    std::string positional;
    std::string further_positional = {};

    /// Parses; prints the help and returns nothing when it was asked for. Throws UsageError.
    std::optional<boost::program_options::variables_map>
    parse(std::vector<std::string> const& arguments) const;
};

/// "8x8": two numbers from 1 to `highest`. Throws UsageError naming `option`.
std::pair<int, int> parse_pair(std::string const& text, std::string const& option, int highest);

/// "2G", "512M": bytes. Throws UsageError naming `option`.
std::uint64_t parse_bytes(std::string const& text, std::string const& option);

/// The text of an option. Throws UsageError when it is missing.
std::string required(boost::program_options::variables_map const& values, char const* option);

/// --memory, of every command that reads sources; and what it says, in bytes.
void add_memory_option(CommandLine& line);
std::uint64_t memory_in(boost::program_options::variables_map const& values);

/// --jobs, of every command that works on many threads; `what` they do.
void add_jobs_option(CommandLine& line, char const* what);

/// The options of a command about one pyramid: its descriptor, --tms and --json.
CommandLine pyramid_command_line(std::string usage);
/// The descriptor that such a command names. Throws UsageError when none is given.
std::filesystem::path descriptor_in(boost::program_options::variables_map const& values);

/// The shipped tile matrix sets, those beside the descriptor in tilematrixsets/, and those of each --tms
/// folder.
TileMatrixSetLibrary library_for(boost::program_options::variables_map const& values);

} // namespace ardoise
