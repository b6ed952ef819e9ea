// SPDX-License-Identifier: Apache-2.0
// Where the roads of maps and of drawn tiles end: a picture that is known by its tag before it is drawn.
#pragma once

#include "cache/caches.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"

#include <functional>
#include <string>

namespace ardoise {

struct PictureToDraw {
    MapRequest map;
    Response known;                   // all of the answer but the picture
    std::function<Response()> refuse; // the answer to a map that is too costly, which shows late
    std::string key;                  // what tells both answers from those to the same map elsewhere
};

/// 304 at once for who has the picture, else the work of drawing it.
Reply draw_unless_known(Request const& request, PictureToDraw picture, Caches& caches);

} // namespace ardoise
