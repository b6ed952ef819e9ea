// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/checksums.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/slab.hpp"
#include "pyramid/store/slab_path.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

SlabChecksum parse_line(std::string const& line, std::string const& where)
{
    std::istringstream words{line};
    std::string hash, bytes;
    SlabChecksum checksum;
    words >> hash >> bytes >> checksum.slab;
    auto const [end, trouble] = std::from_chars(hash.data(), hash.data() + hash.size(), checksum.hash, 16);
    auto const size = parse_number<std::uint64_t>(bytes);
    if (trouble != std::errc{} || end != hash.data() + hash.size() || !size || checksum.slab.empty())
        fail("{}: is no line of hash, bytes and path", where);
    if (!parse_slab_name(checksum.slab))
        fail("{}: \"{}\" is no path of a slab", where, checksum.slab);
    checksum.bytes = *size;
    return checksum;
}

/// So that no line can be missing unnoticed: the hash of those before it, and how many bytes they are.
std::string last_line(std::string_view lines)
{
    return fmt::format("{:016x} {} lines before\n", hash_of(as_bytes(lines)), lines.size());
}

/// The level that a slab belongs to; null when the pyramid has no such level.
Level const* level_of(Pyramid const& pyramid, std::string const& slab)
{
    auto const name = parse_slab_name(slab);
    return name ? pyramid.find_level(name->level) : nullptr;
}

void check_slab(fs::path const& file, SlabChecksum const& expected, Level const* level, Verification& result)
{
    std::error_code trouble;
    if (!fs::exists(file, trouble)) {
        result.damages.push_back(fmt::format("{}: is missing", file.string()));
        return;
    }
    MappedFile const mapped{file};
    result.bytes += mapped.bytes().size();
    if (mapped.bytes().size() == expected.bytes && hash_of(mapped.bytes()) == expected.hash)
        return;
    auto const before = result.damages.size();
    if (mapped.bytes().size() != expected.bytes)
        result.damages.push_back(fmt::format("{}: has {} bytes, expected {}", file.string(),
                                             mapped.bytes().size(), expected.bytes));
    if (level) {
        Slab const slab{file, level->tiles_per_width, level->tiles_per_height};
        for (auto const& damage : slab.damages())
            result.damages.push_back(fmt::format("{}: {}", file.string(), damage));
    }
    if (result.damages.size() == before)
        result.damages.push_back(fmt::format("{}: does not agree with its checksum", file.string()));
}

/// Files that a killed work has left in the folders of slabs, or that somebody has put there.
std::vector<std::string> unlisted_files(fs::path const& folder, std::vector<SlabChecksum> const& listed)
{
    std::set<std::string> names;
    for (auto const& file : listed)
        names.insert(file.slab);
    std::vector<std::string> unlisted;
    std::error_code ignored;
    for (char const* kind : {"DATA", "MASK", "EXACT"})
        for (fs::recursive_directory_iterator it{folder / kind, ignored}, end; it != end;
             it.increment(ignored))
            if (auto name = it->path().lexically_relative(folder).string();
                !it->is_directory(ignored) && !names.contains(name))
                unlisted.push_back(std::move(name));
    std::sort(unlisted.begin(), unlisted.end());
    return unlisted;
}

void verify_against_checksums(Pyramid const& pyramid, Verification& result)
{
    auto const listed = read_checksums(pyramid.folder / checksums_file_name);
    result.unlisted = unlisted_files(pyramid.folder, listed);
    for (auto const& expected : listed) {
        auto const file = pyramid.folder / expected.slab;
        ++result.slabs;
        auto const before = result.damages.size();
        try {
            check_slab(file, expected, level_of(pyramid, expected.slab), result);
        } catch (Failure const& failure) {
            result.damages.emplace_back(failure.what());
        }
        if (result.damages.size() > before)
            result.damaged_files.push_back(expected);
    }
}

void verify_indices(Pyramid const& pyramid, Verification& result)
{
    for (auto const& level : pyramid.levels) {
        auto const slabs = level.slabs();
        for (auto row = slabs.first.row; row < slabs.last.row; ++row)
            for (auto col = slabs.first.col; col < slabs.last.col; ++col) {
                auto const file = slab_file(level, {col, row});
                std::error_code ignored;
                if (!fs::exists(file, ignored))
                    continue; // a slab that is not there holds nothing
                ++result.slabs;
                try {
                    result.bytes += Slab{file, level.tiles_per_width, level.tiles_per_height}.bytes();
                } catch (Failure const& failure) {
                    result.damages.emplace_back(failure.what());
                }
            }
    }
}

} // namespace

std::optional<SlabName> parse_slab_name(std::string const& path)
{
    auto const first = path.find('/'), second = path.find('/', first + 1);
    if (first == std::string::npos || second == std::string::npos)
        return std::nullopt;
    auto const slab = parse_slab_path(path.substr(second + 1));
    auto kind = path.substr(0, first), level = path.substr(first + 1, second - first - 1);
    bool const is_kind = kind == "DATA" || kind == "MASK" || kind == "EXACT";
    if (!slab || !is_kind || level.empty() || level.front() == '.')
        return std::nullopt;
    return SlabName{std::move(kind), std::move(level), *slab};
}

void write_checksums(fs::path const& file, std::vector<SlabChecksum> const& checksums)
{
    std::string text;
    for (auto const& one : checksums)
        text += fmt::format("{:016x} {} {}\n", one.hash, one.bytes, one.slab);
    write_atomically(file, text + last_line(text));
}

std::vector<SlabChecksum> read_checksums(fs::path const& file)
{
    auto const text = read_text(file, std::size_t{4} << 30);
    std::string_view const whole{text};
    auto const last = whole.substr(0, whole.size() - std::min<std::size_t>(1, whole.size())).rfind('\n');
    auto const end = last == std::string_view::npos ? 0 : last + 1;
    std::istringstream lines{text.substr(0, end)};
    std::vector<SlabChecksum> checksums;
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);)
        checksums.push_back(parse_line(line, fmt::format("{}: line {}", file.string(), ++number)));
    if (whole.substr(end) != last_line(whole.substr(0, end)))
        fail("{}: lines are missing, or not as they were written; put it back from a copy, or build the "
             "pyramid anew",
             file.string());
    return checksums;
}

Verification verify(Pyramid const& pyramid)
{
    Verification result;
    std::error_code ignored;
    if (fs::exists(pyramid.folder / checksums_file_name, ignored))
        verify_against_checksums(pyramid, result);
    else
        verify_indices(pyramid, result);
    return result;
}

} // namespace ardoise
