// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source_files.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/letter_case.hpp"

#include <glob.h>

#include <algorithm>
#include <string_view>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

bool is_pattern(std::string_view argument)
{
    return argument.find_first_of("*?[") != std::string_view::npos;
}

/// GDAL's virtual file systems and addresses: https://..., s3://..., postgresql://...
bool is_remote(std::string_view argument)
{
    return argument.starts_with("/vsi") || argument.find("://") != std::string_view::npos;
}

/// What GDAL, QGIS and others leave beside images.
bool is_sidecar(fs::path const& file)
{
    static constexpr std::string_view endings[] = {
        ".xml", ".ovr",     ".msk",  ".json", ".txt", ".md",  ".tfw", ".jgw",  ".pgw",
        ".wld", ".j2w",     ".prj",  ".tab",  ".qml", ".csv", ".pdf", ".html", ".md5",
        ".vrt", ".geojson", ".list", ".shp",  ".shx", ".dbf", ".cpg", ".gpkg"};
    auto const ending = lower_case(file.extension().string());
    return ending.empty() || file.filename().string().starts_with('.') ||
           std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

std::vector<fs::path> images_in(fs::path const& folder)
{
    std::vector<fs::path> files;
    for (auto const& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file() && !is_sidecar(entry.path()))
            files.push_back(entry.path());
    return files;
}

void add_folder(fs::path const& folder, std::vector<fs::path>& files)
{
    auto const found = images_in(folder);
    if (found.empty())
        fail("{}: there is no image in this folder", folder.string());
    files.insert(files.end(), found.begin(), found.end());
}

std::vector<fs::path> files_called_like(std::string const& pattern)
{
    std::vector<fs::path> files;
    glob_t found{};
    int const result = ::glob(pattern.c_str(), 0, nullptr, &found);
    for (std::size_t i = 0; result == 0 && i < found.gl_pathc; ++i)
        files.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    return files;
}

void add_pattern(std::string const& pattern, std::vector<fs::path>& files)
{
    auto const found = files_called_like(pattern);
    if (found.empty())
        fail("{}: no file is called like that", pattern);
    files.insert(files.end(), found.begin(), found.end());
}

} // namespace

std::vector<fs::path> find_source_files(std::span<std::string const> arguments)
{
    std::vector<fs::path> files;
    for (auto const& argument : arguments) {
        std::error_code ignored;
        if (is_remote(argument))
            fail("{}: is no local file; sources are read from disks only, so copy it to one first", argument);
        if (fs::is_directory(argument, ignored))
            add_folder(argument, files);
        else if (fs::exists(argument, ignored))
            files.emplace_back(argument);
        else if (is_pattern(argument))
            add_pattern(argument, files);
        else
            fail("{}: there is no such file or folder", argument);
    }
    for (auto& file : files)
        file = fs::absolute(file).lexically_normal();
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

bool leads_to_something(std::string const& argument)
{
    std::error_code ignored;
    if (fs::is_directory(argument, ignored))
        return !images_in(argument).empty();
    return fs::exists(argument, ignored) || (is_pattern(argument) && !files_called_like(argument).empty());
}

} // namespace ardoise
