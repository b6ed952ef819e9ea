// SPDX-License-Identifier: Apache-2.0
// A store of layers that show one another, which a test changes, and what is served of it.
#pragma once

#include "pyramid/base/atomic_file.hpp"
#include "server/services/portal.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>

namespace ardoise::test {

inline constexpr double half = 20037508.342789244;

inline std::string box_of(int level, int col, int row)
{
    double const side = 2 * half / std::exp2(level);
    return fmt::format("{},{},{},{}", -half + col * side, half - (row + 1) * side, -half + (col + 1) * side,
                       half - row * side);
}

/// A store that can be changed, and what is served of it.
class Products {
public:
    Products()
    {
        paint("ortho", 10);
        paint("infra", 90);
        paint("old", 50);
        paint("old-infra", 60);
        describe("ortho", R"({"styles": [{"style": "normal", "identifier": "rgb", "title": "True colour"},
            {"style": "normal", "identifier": "irc", "title": "Colour infrared", "layer": "infra"},
            {"style": "ndvi-irc", "identifier": "ndvi", "layer": "infra"}]})");
        describe("old", R"({"styles": [{"style": "normal", "identifier": "rgb"},
            {"style": "normal", "identifier": "irc", "title": "Colour infrared", "layer": "old-infra"}]})");
        describe("vintages", R"({"dimensions": {"members": [{"layer": "old", "time": "2005"},
                                                            {"layer": "ortho", "time": "2022"}]}})");
    }

    void paint(std::string const& name, std::uint8_t red) const
    {
        paint_pyramid(folder_.path(), {.name = name, .format = "TIFF_JPG_UINT8"},
                      [red](std::size_t level, TileIndex tile) {
                          return std::array{red, static_cast<std::uint8_t>(20 + 30 * level),
                                            static_cast<std::uint8_t>(20 * tile.col)};
                      });
    }
    void describe(std::string const& name, std::string const& text) const
    {
        write_atomically(file(name), text);
    }
    std::filesystem::path file(std::string const& name) const
    {
        return folder_.path() / "layers" / (name + ".json");
    }
    std::filesystem::path const& store() const { return folder_.path(); }

    std::shared_ptr<Catalog const> load()
    {
        CatalogOptions options;
        options.store = folder_.path();
        options.public_url = "https://tiles.example";
        auto const before = sites_ ? sites_->current()->catalog : nullptr;
        auto const catalog = load_catalog(options, before.get());
        auto site = make_site(catalog, read_portal(folder_ / "no-portal"));
        if (sites_) {
            sites_->publish(std::move(site));
        } else {
            sites_ = std::make_unique<Published<Site>>(std::move(site));
            router_ = std::make_unique<Router>(*sites_, caches_);
        }
        return catalog;
    }
    std::string trouble()
    {
        auto const catalog = load();
        return catalog->troubles().empty()
                   ? ""
                   : catalog->troubles().front().consequence + ": " + catalog->troubles().front().reason;
    }

    Response get(std::string const& target) const
    {
        auto response = ask(target);
        INFO(target);
        CHECK(response.status == 200);
        return response;
    }
    std::string text(std::string const& target) const { return text_of(get(target)); }
    std::string mistake(std::string const& target) const { return text_of(ask(target)); }

private:
    Response ask(std::string const& target) const
    {
        Request request;
        REQUIRE(assign_target(request, target));
        auto response = done((*router_)(request));
        finish(request, response);
        return response;
    }

    TemporaryFolder folder_;
    mutable Caches caches_{CacheSizes{}};
    std::unique_ptr<Published<Site>> sites_;
    std::unique_ptr<Router> router_;
};

inline std::string info_of(std::string const& layers, std::string const& styles, std::string const& more = "")
{
    return fmt::format("/wms?SERVICE=WMS&REQUEST=GetFeatureInfo&VERSION=1.3.0&LAYERS={0}&QUERY_LAYERS={0}&"
                       "STYLES={1}&CRS=EPSG:3857&BBOX={2}&WIDTH=256&HEIGHT=256&I=9&J=9{3}",
                       layers, styles, box_of(3, 5, 4), more);
}

inline void replace(std::filesystem::path const& file, std::string const& from, std::string const& to)
{
    auto text = read_text(file);
    auto const at = text.find(from);
    REQUIRE(at != std::string::npos);
    write_atomically(file, text.replace(at, from.size(), to));
}

} // namespace ardoise::test
