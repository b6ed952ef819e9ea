// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/sidecars.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/sources/dataset.hpp"
#include "pyramid/sources/vrt.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

/// FNV-1a: what recipes hold, and must stay the same.
std::uint64_t fnv1a_of(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (char const c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

/// Paths at which GDAL looks for what changes any image: a.tif.msk, a.tif.aux.xml, a.tfw, a.tifw, a.wld...
std::vector<std::string> usual_sidecars(fs::path const& image)
{
    auto const whole = image.string();
    std::vector<std::string> paths{whole + ".msk", whole + ".aux.xml"};
    auto const ending = image.extension().string(); // with its dot
    auto const stem = whole.substr(0, whole.size() - ending.size());
    std::vector<std::string> endings{".wld", ".tab", ".prj"};
    if (ending.size() >= 3)
        endings.insert(endings.end(), {ending + "w", {'.', ending[1], ending.back(), 'w'}});
    for (auto const& other : endings) {
        paths.push_back(stem + other);
        paths.push_back(stem + upper_case(other));
    }
    return paths;
}

bool contains(auto const& list, auto const& item)
{
    return std::find(std::begin(list), std::end(list), item) != std::end(list);
}

bool is_overview(fs::path const& file)
{
    return file.extension() == ".ovr";
}

/// What people and programs leave beside images, and GDAL reads no pixel and no place from.
bool is_about_other_things(fs::path const& file)
{
    static std::string_view const endings[] = {".TXT",  ".MD",   ".MD5", ".SHA1", ".SHA256",  ".JSON",
                                               ".CSV",  ".PDF",  ".XML", ".HTML", ".GEOJSON", ".QML",
                                               ".QMD",  ".LIST", ".SHP", ".SHX",  ".DBF",     ".CPG",
                                               ".GPKG", ".VRT",  ".ZIP", ".LOG",  ".BAK"};
    return is_overview(file) || contains(endings, upper_case(file.extension().string()));
}

/// What the VRT names, and what VRTs among that name.
void add_named(fs::path const& vrt, std::set<fs::path>& named)
{
    for (auto const& file : files_of_vrt(vrt))
        if (std::error_code ignored; named.insert(file).second && is_vrt(file) && fs::exists(file, ignored))
            add_named(file, named);
}

/// The files that the VRT names, as it names them, then what VRTs among them name, and what lies beside all.
std::vector<std::string> sidecars_of_vrt(fs::path const& vrt)
{
    auto const own = files_of_vrt(vrt);
    std::set<fs::path> named;
    add_named(vrt, named);
    std::vector<std::string> paths{own.begin(), own.end()};
    std::set<fs::path> const own_ones{own.begin(), own.end()};
    for (auto const& file : named) {
        if (!own_ones.contains(file))
            paths.push_back(file.string());
        auto const beside = usual_sidecars(file);
        paths.insert(paths.end(), beside.begin(), beside.end());
    }
    return paths;
}

std::vector<std::string> names_in(fs::path const& folder)
{
    std::vector<std::string> names;
    std::error_code unreadable; // then nobody sees what is new in it
    for (fs::directory_iterator entry{folder, unreadable}, end; !unreadable && entry != end;
         entry.increment(unreadable))
        names.push_back(entry->path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

std::optional<Fingerprint> fingerprint_of(std::string const& file)
{
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0)
        return std::nullopt;
    return Fingerprint{static_cast<std::uint64_t>(found.st_size),
                       found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
}

std::vector<fs::path> unusual_sidecars(fs::path const& image, std::span<fs::path const> read)
{
    if (is_vrt(image))
        return {};
    auto const usual = usual_sidecars(image);
    auto const folder = image.parent_path();
    std::vector<fs::path> unusual;
    for (auto const& file : read)
        if (file != image && !is_overview(file) && !contains(usual, file.string()))
            unusual.push_back(file.parent_path() == folder ? file.filename() : file);
    std::sort(unusual.begin(), unusual.end());
    return unusual;
}

std::uint64_t sidecars_of(fs::path const& image, std::span<fs::path const> unusual)
{
    auto paths = usual_sidecars(image);
    for (auto const& other : unusual)
        paths.push_back((image.parent_path() / other).string());
    if (is_vrt(image)) {
        auto const named = sidecars_of_vrt(image);
        paths.insert(paths.end(), named.begin(), named.end());
    }
    std::string found;
    for (auto const& path : paths)
        if (auto const fingerprint = fingerprint_of(path))
            fmt::format_to(std::back_inserter(found), "{} {} {}\n", path.substr(path.rfind('/') + 1),
                           fingerprint->bytes, fingerprint->modified_ns);
    return found.empty() ? 0 : fnv1a_of(found);
}

Neighbours::Neighbours(std::span<fs::path const> images) : images_{images.begin(), images.end()}
{
    for (auto const& image : images)
        if (auto const folder = image.parent_path(); !names_.contains(folder))
            names_.emplace(folder, names_in(folder));
}

bool Neighbours::may_say_more(fs::path const& image, std::span<fs::path const> unusual) const
{
    auto const folder = image.parent_path();
    auto const& names = names_.at(folder);
    auto const start = image.stem().string() + '.';
    auto const usual = usual_sidecars(image);
    for (auto name = std::lower_bound(names.begin(), names.end(), start);
         name != names.end() && name->starts_with(start); ++name) {
        auto const file = folder / *name;
        if (!images_.contains(file) && !is_about_other_things(file) && !contains(usual, file.string()) &&
            !contains(unusual, fs::path{*name}))
            return true;
    }
    return false;
}

} // namespace ardoise
