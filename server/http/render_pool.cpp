// SPDX-License-Identifier: Apache-2.0
#include "server/http/render_pool.hpp"

#include <utility>

namespace ardoise {

RenderPool::RenderPool(unsigned threads, std::size_t waiting) : capacity_{threads + waiting}
{
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
}

RenderPool::~RenderPool()
{
    close();
}

bool RenderPool::submit(std::function<void()> task)
{
    {
        std::scoped_lock const lock{mutex_};
        if (closed_ || waiting_.size() + running_ >= capacity_)
            return false;
        waiting_.push_back(std::move(task));
    }
    arrived_.notify_one();
    return true;
}

void RenderPool::close()
{
    {
        std::scoped_lock const lock{mutex_};
        closed_ = true;
        waiting_.clear();
    }
    arrived_.notify_all();
    threads_.clear();
}

void RenderPool::work()
{
    std::unique_lock lock{mutex_};
    for (;;) {
        arrived_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (closed_)
            return;
        auto task = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
        --running_;
    }
}

} // namespace ardoise
