// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/catalog_files.hpp"

#include "pyramid/base/failure.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

FileTrace trace_of(fs::path const& file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return {.file = file, .trouble = errno};
    return {.file = file,
            .device = status.st_dev,
            .inode = status.st_ino,
            .bytes = static_cast<std::uint64_t>(status.st_size),
            .seconds = status.st_mtim.tv_sec,
            .nanoseconds = status.st_mtim.tv_nsec};
}

std::int64_t changed_at(FileTrace const& trace)
{
    return trace.seconds * 1000 + trace.nanoseconds / 1'000'000;
}

std::vector<fs::path> folders_of_catalog(CatalogOptions const& options)
{
    auto folders = set_folders(options);
    folders.push_back(options.store);
    folders.push_back(description_folder(options));
    folders.push_back(style_folder(options));
    return folders;
}

} // namespace

void check_store(CatalogOptions const& options)
{
    std::error_code trouble;
    if (!fs::is_directory(options.store, trouble))
        fail("{}: is no folder; give the one that holds the pyramids' descriptors", options.store.string());
}

std::vector<fs::path> set_folders(CatalogOptions const& options)
{
    auto folders = options.tile_matrix_set_folders;
    folders.push_back(options.store / "tilematrixsets");
    return folders;
}

fs::path description_folder(CatalogOptions const& options)
{
    return options.store / "layers";
}

fs::path style_folder(CatalogOptions const& options)
{
    return options.store / "styles";
}

namespace {

std::vector<fs::path> files_ending(std::string_view extension, fs::path const& folder)
{
    std::vector<fs::path> files;
    if (!fs::is_directory(folder))
        return files;
    for (auto const& entry : fs::directory_iterator{folder})
        if (auto const& file = entry.path();
            file.extension() == extension && !file.filename().string().starts_with('.'))
            files.push_back(file);
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

std::vector<fs::path> json_files(fs::path const& folder)
{
    return files_ending(".json", folder);
}

std::vector<FileTrace> traces_of_catalog(CatalogOptions const& options)
{
    check_store(options);
    std::vector<FileTrace> traces;
    for (auto const& file : files_ending(".txt", style_folder(options))) // levels of rivers
        traces.push_back(trace_of(file));
    for (auto const& folder : folders_of_catalog(options))
        for (auto const& file : json_files(folder))
            traces.push_back(trace_of(file));
    return traces;
}

std::int64_t newest_change(CatalogOptions const& options)
{
    auto traces = traces_of_catalog(options);
    for (auto const& folder : folders_of_catalog(options))
        traces.push_back(trace_of(folder));
    traces.push_back(trace_of(options.configuration));
    std::int64_t newest = 0;
    for (auto const& trace : traces)
        newest = std::max(newest, changed_at(trace));
    return newest;
}

} // namespace ardoise
