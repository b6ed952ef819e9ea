// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/change_list.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/revisions.hpp"

#include <set>
#include <sstream>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_list_bytes = std::size_t{4} << 30;
/// What stands in the place of a list when nobody knows what changed.
constexpr std::string_view unknown = "unknown\n";

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

fs::path list_in(fs::path const& folder)
{
    return folder / (owes_change_list(folder) ? owed_change_list_name : change_list_name);
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

bool owes_change_list(fs::path const& folder)
{
    return is_there(folder / owed_change_list_name);
}

std::vector<ChangedTile> write_change_list(fs::path const& folder, fs::path const& folder_before,
                                           std::vector<ChangedTile> const& changed, ListIs wanted)
{
    bool const before_owes = owes_change_list(folder_before);
    bool const is_wanted = wanted == ListIs::owed || before_owes || owes_change_list(folder);
    auto list = before_owes ? joined(read_change_list(folder_before), changed) : changed;
    std::string text;
    for (auto const& one : list)
        text += line_of(one);
    write_atomically(folder / (is_wanted ? owed_change_list_name : change_list_name), text, folder);
    std::error_code ignored; // where both are there the list that is owed counts
    if (is_wanted)
        fs::remove(folder / change_list_name, ignored);
    return list;
}

void write_unknown_changes(fs::path const& folder)
{
    write_atomically(folder / change_list_name, std::string{unknown}, folder);
}

std::vector<ChangedTile> read_change_list(fs::path const& folder)
{
    auto const file = list_in(folder);
    auto const text = is_there(file) ? read_text(file, most_list_bytes) : std::string{unknown};
    if (text == unknown)
        fail("{}: nobody knows which tiles changed when this revision was published; purge everything of "
             "this layer once",
             file.string());
    std::vector<ChangedTile> changed;
    std::istringstream lines{text};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);)
        changed.push_back(parse_line(line, fmt::format("{}: line {}", file.string(), ++number)));
    return changed;
}

std::vector<ChangedTile> change_list_of(Pyramid const& published)
{
    auto const& folder = published.folder;
    if (!is_there(folder / descriptor_copy_name))
        fail("{}: is not there any more: another revision was published meanwhile; run the command again",
             folder.string());
    bool const was_built = published.revision == 1 && !is_there(list_in(folder));
    return was_built ? std::vector<ChangedTile>{} : read_change_list(folder);
}

void settle_change_list(fs::path const& folder)
{
    if (!owes_change_list(folder))
        return;
    std::error_code trouble;
    fs::rename(folder / owed_change_list_name, folder / change_list_name, trouble);
    if (trouble)
        fail("{}: cannot be renamed: {}", (folder / owed_change_list_name).string(), trouble.message());
}

} // namespace ardoise
