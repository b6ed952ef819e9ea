// SPDX-License-Identifier: Apache-2.0
#include "server/http/unsent_bodies.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ardoise {

UnsentBodies::Hold::Hold(UnsentBodies& all, SharedBytes const& body, std::function<void()> let_go)
    : all_{all}, body_{body.view}, let_go_{std::move(let_go)}
{
    all_.enter(*this);
}

UnsentBodies::Hold::~Hold()
{
    all_.leave(*this);
}

double UnsentBodies::Hold::remaining(Clock::time_point now) const
{
    auto const taken = static_cast<double>(std::max<std::size_t>(1, taken_.load(std::memory_order_relaxed)));
    auto const whole = static_cast<double>(body_.size());
    return (whole - taken) / taken * std::chrono::duration<double>{now - since_}.count();
}

std::size_t UnsentBodies::bytes() const
{
    std::scoped_lock const lock{mutex_};
    return bytes_;
}

std::uint64_t UnsentBodies::let_go_of() const
{
    std::scoped_lock const lock{mutex_};
    return let_go_of_;
}

void UnsentBodies::enter(Hold& client)
{
    std::scoped_lock const lock{mutex_};
    auto const size = client.body_.size();
    if (auto const known = bodies_.find(client.body_.data()); known != bodies_.end()) {
        known->second.push_back(&client);
        return;
    }
    auto const held_for = [now = Hold::Clock::now()](Bodies::value_type const& body) {
        double least = std::numeric_limits<double>::infinity();
        for (auto const* each : body.second)
            least = std::min(least, each->remaining(now));
        return least;
    };
    while (bytes_ + size > most_ && !bodies_.empty())
        give_way(std::max_element(bodies_.begin(), bodies_.end(), [&](auto const& one, auto const& other) {
            return held_for(one) < held_for(other);
        }));
    bodies_[client.body_.data()].push_back(&client);
    bytes_ += size;
}

void UnsentBodies::give_way(Bodies::iterator body)
{
    bytes_ -= body->second.front()->body_.size();
    for (auto* client : body->second) {
        client->counts_ = false;
        client->let_go_();
        ++let_go_of_;
    }
    bodies_.erase(body);
}

void UnsentBodies::leave(Hold& client)
{
    std::scoped_lock const lock{mutex_};
    if (!client.counts_)
        return;
    auto const place = bodies_.find(client.body_.data());
    place->second.remove(&client);
    if (!place->second.empty())
        return;
    bytes_ -= client.body_.size();
    bodies_.erase(place);
}

} // namespace ardoise
