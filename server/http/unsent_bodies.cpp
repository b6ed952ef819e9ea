// SPDX-License-Identifier: Apache-2.0
#include "server/http/unsent_bodies.hpp"

#include <algorithm>
#include <utility>

namespace ardoise {

UnsentBodies::Hold::Hold(UnsentBodies& all, SharedBytes const& body, std::int64_t now,
                         std::function<void()> let_go)
    : all_{all}, body_{body.view.data()}, since_{now}, let_go_{std::move(let_go)}
{
    auto const is_known = all_.bodies_.contains(body_);
    all_.make_room(is_known ? 0 : body.size(), now);
    all_.enter(*this, body.size());
}

UnsentBodies::Hold::~Hold()
{
    all_.leave(*this);
}

double UnsentBodies::Body::cost(std::int64_t now) const
{
    auto const age = now - clients.front()->since_ + 1; // those of this second cost by their size
    return static_cast<double>(bytes) * static_cast<double>(age) / static_cast<double>(clients.size());
}

void UnsentBodies::make_room(std::size_t more, std::int64_t now)
{
    while (!budget_.has_room_for(more) && !bodies_.empty()) {
        auto const costliest =
            std::max_element(bodies_.begin(), bodies_.end(), [now](auto const& one, auto const& other) {
                return one.second.cost(now) < other.second.cost(now);
            });
        auto& client = *costliest->second.clients.front();
        leave(client);
        let_go_of_.add(1);
        client.let_go_();
    }
}

void UnsentBodies::enter(Hold& client, std::size_t bytes)
{
    auto const [place, is_new] = bodies_.try_emplace(client.body_, Body{bytes});
    place->second.clients.push_back(&client);
    if (is_new)
        budget_.add(bytes);
}

void UnsentBodies::leave(Hold& client)
{
    if (!std::exchange(client.counts_, false))
        return;
    auto const place = bodies_.find(client.body_);
    place->second.clients.remove(&client);
    if (!place->second.clients.empty())
        return;
    budget_.subtract(place->second.bytes);
    bodies_.erase(place);
}

} // namespace ardoise
