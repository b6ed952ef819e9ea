// SPDX-License-Identifier: Apache-2.0
#include "server/services/gone_slabs.hpp"

#include "pyramid/base/log.hpp"

namespace ardoise {

void GoneSlabs::meet(SlabsGone const& gone)
{
    if (is_news(gone.serial(), std::chrono::steady_clock::now()))
        log(LogLevel::warning, "slabs gone", {{"what", gone.what()}});
    tell_();
}

bool GoneSlabs::is_news(std::uint64_t serial, std::chrono::steady_clock::time_point now)
{
    std::scoped_lock const lock{mutex_};
    std::erase_if(said_, [&](auto const& line) { return now - line.second >= std::chrono::seconds{1}; });
    return said_.emplace(serial, now).second;
}

} // namespace ardoise
