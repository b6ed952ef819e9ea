// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/change_list.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"

#include <set>
#include <sstream>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_list_bytes = std::size_t{4} << 30;

std::string line_of(ChangedTile const& changed)
{
    return fmt::format("{}/{}/{}\n", changed.level, changed.tile.col, changed.tile.row);
}

ChangedTile parse_line(std::string_view line, std::string const& where)
{
    auto const second = line.rfind('/');
    auto const first = second == 0 || second == line.npos ? line.npos : line.rfind('/', second - 1);
    if (first == line.npos)
        fail("{}: is no line of level, column and row", where);
    auto const col = parse_number<std::int64_t>(line.substr(first + 1, second - first - 1));
    auto const row = parse_number<std::int64_t>(line.substr(second + 1));
    if (!col || !row)
        fail("{}: is no line of level, column and row", where);
    return {std::string{line.substr(0, first)}, {*col, *row}};
}

bool is_owed(fs::path const& folder)
{
    return is_there(folder / owed_change_list_name);
}

/// What the revision before owes goes first, and nothing stands twice.
std::vector<ChangedTile> joined(std::vector<ChangedTile> owed, std::vector<ChangedTile> const& changed)
{
    std::set<std::pair<std::string, TileIndex>> there;
    for (auto const& one : owed)
        there.emplace(one.level, one.tile);
    for (auto const& one : changed)
        if (there.emplace(one.level, one.tile).second)
            owed.push_back(one);
    return owed;
}

} // namespace

void write_change_list(fs::path const& folder, fs::path const& folder_before,
                       std::vector<ChangedTile> const& changed, ListIs wanted)
{
    bool const before_owes = is_owed(folder_before);
    bool const is_wanted = wanted == ListIs::owed || before_owes || is_owed(folder);
    std::string text;
    for (auto const& one : before_owes ? joined(read_change_list(folder_before), changed) : changed)
        text += line_of(one);
    write_atomically(folder / (is_wanted ? owed_change_list_name : change_list_name), text, folder);
    std::error_code ignored; // where both are there the list that is owed counts
    if (is_wanted)
        fs::remove(folder / change_list_name, ignored);
}

std::vector<ChangedTile> read_change_list(fs::path const& folder)
{
    auto const file = folder / (is_owed(folder) ? owed_change_list_name : change_list_name);
    std::vector<ChangedTile> changed;
    if (!is_there(file))
        return changed;
    std::istringstream lines{read_text(file, most_list_bytes)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);)
        changed.push_back(parse_line(line, fmt::format("{}: line {}", file.string(), ++number)));
    return changed;
}

void settle_change_list(fs::path const& folder)
{
    if (!is_owed(folder))
        return;
    std::error_code trouble;
    fs::rename(folder / owed_change_list_name, folder / change_list_name, trouble);
    if (trouble)
        fail("{}: cannot be renamed: {}", (folder / owed_change_list_name).string(), trouble.message());
}

void remove_change_list(fs::path const& folder)
{
    for (char const* name : {change_list_name, owed_change_list_name})
        fs::remove(folder / name);
}

} // namespace ardoise
