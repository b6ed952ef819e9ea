// SPDX-License-Identifier: Apache-2.0
// Mistakes as WMS tells them: as XML, or, of a map, as a picture (OGC 06-042 7.3.3.11, OGC 01-068r3 6.7.3).
#pragma once

#include "server/exchange/ogc_error.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"
#include "server/services/wms_version.hpp"

namespace ardoise {

/// As XML, in the version's own words. Status 400, 501 for OperationNotSupported.
Response wms_exception(WmsVersion version, OgcError const& error);

/// How a GetMap wants to hear of mistakes: EXCEPTIONS is XML, INIMAGE (the text, written into a map) or BLANK
/// (a map without anything), under the names of either version. A picture has status 200, or clients that
/// want one would not show it. It is XML after all where WIDTH, HEIGHT or FORMAT is what is wrong.
class MapExceptions {
public:
    MapExceptions(Query const& query, WmsVersion version);

    Reply reply(OgcError const& error) const;
    /// The same, for those who have time to draw it.
    Response response(OgcError const& error) const;

    /// For those who wait for one map together: what of all this the map itself does not say.
    std::string key() const;

private:
    struct Picture {
        std::int32_t width = 0, height = 0;
        PictureFormat format = PictureFormat::png;
        bool transparent = false;
        Colour background;
        bool is_told = false; // the text is written into it
    };
    static std::optional<Picture> picture(Query const& query);

    WmsVersion version_;
    std::optional<Picture> picture_;
};

} // namespace ardoise
