// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/reloads.hpp"

#include <utility>

namespace ardoise {

Reloads::Reloads(std::function<void(Reread)> reload, CatalogWatch& watch, std::chrono::seconds period)
    : reload_{std::move(reload)}, watch_{watch}, period_{period}
{
}

void Reloads::request()
{
    std::scoped_lock const lock{mutex_};
    wish_ = Wish::reload;
    changed_.notify_one();
}

void Reloads::look_at_once()
{
    auto const now = std::chrono::steady_clock::now();
    std::scoped_lock const lock{mutex_};
    if (period_.count() == 0 || wish_ != Wish::none || now < next_look_at_once_)
        return;
    next_look_at_once_ = now + std::chrono::seconds{1};
    wish_ = Wish::look;
    changed_.notify_one();
}

void Reloads::work(std::stop_token const& stop)
{
    while (!stop.stop_requested()) {
        auto const wish = next_wish(stop);
        if (!stop.stop_requested() && is_granted(wish))
            reload_(wish == Wish::reload ? Reread::everything : Reread::changes);
    }
}

/// None when the time has come to look without being asked, or to stop.
Reloads::Wish Reloads::next_wish(std::stop_token const& stop)
{
    std::unique_lock lock{mutex_};
    auto const is_asked = [this] { return wish_ != Wish::none; };
    if (period_.count() == 0)
        changed_.wait(lock, stop, is_asked);
    else
        changed_.wait_for(lock, stop, period_, is_asked);
    return std::exchange(wish_, Wish::none);
}

bool Reloads::is_granted(Wish wish)
{
    if (wish == Wish::reload)
        return true;
    return wish == Wish::look ? watch_.sees_change() : watch_.sees_settled_change();
}

} // namespace ardoise
