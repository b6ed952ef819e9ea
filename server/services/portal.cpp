// SPDX-License-Identifier: Apache-2.0
#include "server/services/portal.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/log.hpp"

namespace ardoise {

namespace fs = std::filesystem;

namespace {

std::string_view media_type_of(fs::path const& file)
{
    static std::map<std::string, std::string_view, std::less<>> const types{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".json", "application/json"},
        {".ico", "image/x-icon"},
        {".txt", "text/plain; charset=utf-8"}};
    auto const found = types.find(file.extension().string());
    return found == types.end() ? "application/octet-stream" : found->second;
}

} // namespace

std::map<std::string, Response, std::less<>> read_portal(fs::path const& folder)
{
    std::map<std::string, Response, std::less<>> files;
    std::error_code ignored;
    if (fs::is_directory(folder, ignored))
        for (auto const& entry : fs::recursive_directory_iterator{folder})
            if (entry.is_regular_file())
                files.emplace("/" + entry.path().lexically_relative(folder).generic_string(),
                              ready_for_many(document(media_type_of(entry.path()), read_text(entry.path()))));
    if (auto const index = files.find("/index.html"); index != files.end()) {
        files.emplace("/", index->second);
    } else {
        log(LogLevel::warning, "no web pages", {{"folder", folder.string()}});
        files.emplace(
            "/",
            document("text/html; charset=utf-8",
                     "<!doctype html><title>Ardoise</title><p>The map server runs; its web pages are not "
                     "installed. <a href=\"/wmts/1.0.0/WMTSCapabilities.xml\">WMTS</a>, "
                     "<a href=\"/wms?SERVICE=WMS&amp;REQUEST=GetCapabilities\">WMS</a></p>"));
    }
    return files;
}

std::optional<Response> portal_page(std::string_view path, Site const& site)
{
    if (path == "/layers.json")
        return site.layers_json;
    auto const found = site.portal.find(path);
    return found == site.portal.end() ? std::nullopt : std::optional{found->second};
}

} // namespace ardoise
