// SPDX-License-Identifier: Apache-2.0
// When the catalog is read again: on demand, and when its files have changed.
#pragma once

#include "server/catalog/catalog.hpp"
#include "server/catalog/catalog_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ardoise {

/// Reloads on a thread of its own, which nobody who serves a tile waits for; asked several times meanwhile,
/// it does it once more. request() and look_at_once() may be called from any thread; `watch` belongs to the
/// thread here from now on.
class Reloads {
public:
    /// `reload` must not throw. A `period` of 0: files are never looked at.
    Reloads(std::function<void(Reread)> reload, CatalogWatch& watch, std::chrono::seconds period);

    /// Reads everything, whether files look changed or not.
    void request();
    /// To be called when something is missed that a change of the catalog would explain; looks once a second
    /// at the most, however many miss it.
    void look_at_once();

private:
    enum class Wish { none, look, reload };
    void work(std::stop_token const& stop);
    Wish next_wish(std::stop_token const& stop);
    bool is_granted(Wish wish);

    std::function<void(Reread)> reload_;
    CatalogWatch& watch_;
    std::chrono::seconds const period_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    Wish wish_ = Wish::none;
    std::chrono::steady_clock::time_point next_look_at_once_;
    std::jthread thread_{std::bind_front(&Reloads::work, this)}; // last: it uses all of the above
};

} // namespace ardoise
