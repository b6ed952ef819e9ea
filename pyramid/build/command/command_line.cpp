// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/command_line.hpp"

#include "pyramid/base/number.hpp"

#include <fmt/format.h>

#include <sstream>

namespace ardoise {

namespace po = boost::program_options;

std::optional<po::variables_map> CommandLine::parse(std::vector<std::string> const& arguments) const
{
    po::options_description all = options;
    all.add_options()("help,h", "print this and stop");
    po::positional_options_description places;
    if (!positional.empty())
        places.add(positional.c_str(), further_positional.empty() ? -1 : 1);
    if (!further_positional.empty())
        places.add(further_positional.c_str(), -1);
    po::variables_map values;
    try {
        auto parser = po::command_line_parser{arguments}.options(all).positional(places);
        parser.style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing);
        po::store(parser.run(), values);
        if (values.contains("help")) {
            std::ostringstream text;
            text << all;
            fmt::print("usage: {}\n\n{}", usage, text.str());
            return std::nullopt;
        }
        po::notify(values);
    } catch (po::error const& mistake) {
        throw UsageError{mistake.what()};
    }
    return values;
}

std::pair<int, int> parse_pair(std::string const& text, std::string const& option, int highest)
{
    auto const cross = text.find('x');
    auto const first = parse_number<int>(std::string_view{text}.substr(0, cross));
    auto const second = cross == std::string::npos
                            ? std::nullopt
                            : parse_number<int>(std::string_view{text}.substr(cross + 1));
    auto const good = [&](std::optional<int> number) { return number && *number >= 1 && *number <= highest; };
    if (!good(first) || !good(second))
        throw UsageError{
            fmt::format("--{} wants two numbers from 1 to {}, as in 8x8, not \"{}\"", option, highest, text)};
    return {*first, *second};
}

std::uint64_t parse_bytes(std::string const& text, std::string const& option)
{
    auto const unit = text.empty() ? ' ' : text.back();
    auto const number =
        parse_number<std::uint64_t>(std::string_view{text}.substr(0, text.empty() ? 0 : text.size() - 1));
    int const shift = unit == 'G' ? 30 : unit == 'M' ? 20 : 0;
    if (!number || shift == 0 || *number == 0 || *number > std::uint64_t{1} << 20)
        throw UsageError{
            fmt::format("--{} wants a number with M or G behind it, as in 2G, not \"{}\"", option, text)};
    return *number << shift;
}

std::string required(po::variables_map const& values, char const* option)
{
    if (!values.contains(option))
        throw UsageError{fmt::format("--{} is missing", option)};
    return values[option].as<std::string>();
}

void add_memory_option(CommandLine& line)
{
    line.options.add_options()("memory", po::value<std::string>()->default_value("1G")->value_name("N"),
                               "that it may take, as 2G or 800M, all threads together");
}

std::uint64_t memory_in(po::variables_map const& values)
{
    return parse_bytes(values["memory"].as<std::string>(), "memory");
}

void add_jobs_option(CommandLine& line, char const* what)
{
    line.options.add_options()("jobs", po::value<unsigned>()->default_value(0, "one a core")->value_name("N"),
                               what);
}

CommandLine pyramid_command_line(std::string usage)
{
    CommandLine line{
        .usage = std::move(usage), .options = po::options_description{"Options"}, .positional = "descriptor"};
    auto add = line.options.add_options();
    add("descriptor", po::value<std::string>()->value_name("FILE"), "the pyramid's descriptor");
    add("tms", po::value<std::vector<std::string>>()->value_name("DIR")->composing(),
        "further folder of tile matrix sets");
    add("json", "for machines");
    return line;
}

std::filesystem::path descriptor_in(po::variables_map const& values)
{
    if (!values.contains("descriptor"))
        throw UsageError{"no descriptor is given"};
    return values["descriptor"].as<std::string>();
}

TileMatrixSetLibrary library_for(po::variables_map const& values)
{
    std::vector<std::filesystem::path> folders;
    if (values.contains("descriptor"))
        folders.push_back(std::filesystem::path{values["descriptor"].as<std::string>()}.parent_path() /
                          "tilematrixsets");
    if (values.contains("tms"))
        for (auto const& folder : values["tms"].as<std::vector<std::string>>())
            folders.emplace_back(folder);
    return TileMatrixSetLibrary{std::move(folders)};
}

} // namespace ardoise
