// SPDX-License-Identifier: Apache-2.0
#include "tests/support/painted_site.hpp"

#include "server/services/portal.hpp"

#include <stdexcept>

namespace ardoise::test {

namespace {

std::shared_ptr<Site const> paint(TemporaryFolder const& folder)
{
    auto const with_hole = [](std::size_t level, TileIndex tile) {
        return level == 5 && tile == TileIndex{19, 12} ? std::nullopt : std::optional{colour_of(level, tile)};
    };
    PaintedPyramid city{
        .name = "city", .format = "TIFF_JPG_UINT8", .bottom = "5", .bottom_tiles = {{17, 11}, {22, 15}}};
    paint_pyramid(folder.path(), city, with_hole);
    auto grain = city;
    grain.name = "grain";
    grain.grained = grain.masked = true;
    paint_pyramid(folder.path(), grain, with_hole);
    paint_pyramid(folder.path(), {.name = "relief", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
    paint_pyramid(folder.path(), {.name = "grey", .set = "4326", .channels = 1});
    paint_pyramid(folder.path(), {.name = "words", .format = "TIFF_ZIP_UINT16", .channels = 1});
    CatalogOptions options;
    options.store = folder.path();
    options.public_url = "https://tiles.example";
    return make_site(load_catalog(options), read_portal(folder / "no-portal"));
}

} // namespace

PaintedSite::PaintedSite()
    : folder_{std::make_shared<TemporaryFolder>()}, sites_{paint(*folder_)}, router_{sites_, caches_}
{
}

PaintedSite::PaintedSite(std::shared_ptr<TemporaryFolder const> folder, std::shared_ptr<Site const> site,
                         CacheSizes const& caches)
    : folder_{std::move(folder)}, caches_{caches}, sites_{std::move(site)}, router_{sites_, caches_}
{
}

std::string PaintedSite::key_of(std::string const& target) const
{
    Request request;
    if (!assign_target(request, target))
        return {};
    auto const reply = router_(request);
    auto const* work = std::get_if<Work>(&reply);
    return work ? work->key : std::string{};
}

Response PaintedSite::get(std::string const& target, std::string const& if_none_match) const
{
    Request request;
    if (!assign_target(request, target))
        return text_response(400, "text/plain", "Bad Request"); // the connection's own answer
    request.if_none_match = if_none_match;
    auto response = done(router_(request));
    finish(request, response);
    return response;
}

PaintedSite const& painted_site()
{
    static PaintedSite const site;
    return site;
}

Response done(Reply reply)
{
    auto* const work = std::get_if<Work>(&reply);
    return work ? (*work)() : std::get<Response>(std::move(reply));
}

std::string text_of(Response const& response)
{
    return std::string{as_text(response.body.view)};
}

} // namespace ardoise::test
