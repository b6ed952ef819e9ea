// SPDX-License-Identifier: Apache-2.0
// The threads that render, and the bounded queue before them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ardoise {

/// Runs tasks on threads of its own, first come, first served. Safe to share between threads.
class RenderPool {
public:
    /// At most `waiting` tasks wait while all threads are busy.
    RenderPool(unsigned threads, std::size_t waiting);
    ~RenderPool();
    RenderPool(RenderPool const&) = delete;
    RenderPool& operator=(RenderPool const&) = delete;

    /// False when the queue is full or closed: the task will not run. A task must not throw.
    bool submit(std::function<void()> task);
    /// Forgets the tasks that wait and returns when those that run have ended.
    void close();

private:
    void work();

    std::size_t const capacity_; // tasks waiting or running
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> waiting_;
    std::size_t running_ = 0;
    bool closed_ = false;
    std::vector<std::jthread> threads_; // last: they use all of the above
};

} // namespace ardoise
