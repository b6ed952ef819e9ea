// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/workers.hpp"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace ardoise {

void run_workers(unsigned count, std::function<void(std::atomic<bool> const& stopped)> const& work)
{
    std::atomic<bool> stopped{false};
    std::mutex mutex;
    std::exception_ptr first_failure;
    auto const guarded = [&] {
        try {
            work(stopped);
        } catch (...) {
            std::scoped_lock const lock{mutex};
            if (!first_failure)
                first_failure = std::current_exception();
            stopped = true;
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < count; ++i)
            threads.emplace_back(guarded);
        guarded();
    }
    if (first_failure)
        std::rethrow_exception(first_failure);
}

} // namespace ardoise
