// SPDX-License-Identifier: Apache-2.0
// Work shared out among threads.
#pragma once

#include <atomic>
#include <functional>

namespace ardoise {

/// Runs `work` on so many threads, the calling one among them; the first failure stops the others, as `work`
/// sees by `stopped`, and is thrown again here.
void run_workers(unsigned count, std::function<void(std::atomic<bool> const& stopped)> const& work);

} // namespace ardoise
