// SPDX-License-Identifier: Apache-2.0
#include "server/http/render_pool.hpp"

#include <new>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace ardoise {

namespace {

/// Who waits for a stored tile gets it between two slices of a map, not after one: on Linux a nice value is
/// a thread's own.
void yield_to_connections()
{
    constexpr int steps = 10;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), ::getpriority(PRIO_PROCESS, 0) + steps);
}

} // namespace

RenderPool::RenderPool(unsigned threads, std::size_t places, std::chrono::milliseconds patience)
    : capacity_{threads + places}, patience_{patience}
{
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] {
            yield_to_connections();
            run();
        });
}

RenderPool::~RenderPool()
{
    close();
}

bool RenderPool::submit(Work work, Waiter& waiter)
{
    std::scoped_lock const lock{mutex_};
    auto const same = work.key.empty() ? by_key_.end() : by_key_.find(work.key);
    if (closed_ || (same == by_key_.end() && !has_room())) {
        ++refused_;
        return false;
    }
    waiter.task_ = same == by_key_.end() ? enqueue(std::move(work)) : same->second;
    waiter.task_->latest_start = std::chrono::steady_clock::now() + patience_;
    waiter.task_->waiters.insert(&waiter);
    waiter.is_waiting_ = true;
    return true;
}

RenderPool::Place RenderPool::enqueue(Work work)
{
    auto& task = waiting_.emplace_back();
    task.make = std::move(work.make);
    task.key = std::move(work.key);
    auto const place = std::prev(waiting_.end());
    if (!task.key.empty())
        by_key_.emplace(task.key, place);
    arrived_.notify_one();
    return place;
}

bool RenderPool::give_up(Waiter& waiter)
{
    std::list<Task> forsaken; // what it holds is let go after the lock
    std::scoped_lock const lock{mutex_};
    if (!std::exchange(waiter.is_waiting_, false))
        return false;
    auto& task = *waiter.task_;
    task.waiters.erase(&waiter);
    if (task.waiters.empty() && !task.is_running) {
        forsaken = remove(waiting_, waiter.task_);
        ++forsaken_;
    }
    return true;
}

void RenderPool::close()
{
    std::list<Task> forgotten;
    {
        std::scoped_lock const lock{mutex_};
        closed_ = true;
        by_key_.clear();
        forgotten.swap(waiting_);
        for (auto const& task : forgotten)
            for (auto* waiter : task.waiters)
                waiter->is_waiting_ = false;
    }
    arrived_.notify_all();
    threads_.clear();
}

RenderPool::Counts RenderPool::counts() const
{
    std::scoped_lock const lock{mutex_};
    return {.waiting = waiting_.size(),
            .running = running_.size(),
            .refused = refused_,
            .forsaken = forsaken_,
            .late = late_};
}

void RenderPool::run()
{
    std::unique_lock lock{mutex_};
    for (;;) {
        arrived_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (closed_)
            return;
        auto const task = take();
        Outcome outcome;
        // Who waited that long has given up or will; the ones behind have not yet.
        if (std::chrono::steady_clock::now() < task->latest_start) {
            lock.unlock();
            outcome = answer_of(*task);
            lock.lock();
        } else {
            ++late_;
        }
        tell(*task, outcome);
        auto ended = remove(running_, task);
        lock.unlock();
        ended.clear(); // what it holds may be the last of an old site
        outcome = nullptr;
        lock.lock();
    }
}

/// Null where there is no memory even for the answer that says so.
RenderPool::Outcome RenderPool::answer_of(Task const& task)
{
    try {
        return std::make_shared<Response const>(task.make());
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}

RenderPool::Place RenderPool::take()
{
    auto const task = waiting_.begin();
    running_.splice(running_.end(), waiting_, task);
    task->is_running = true;
    return task;
}

void RenderPool::tell(Task& task, Outcome const& outcome)
{
    for (auto* waiter : task.waiters) {
        waiter->is_waiting_ = false;
        waiter->receive_(outcome);
    }
}

std::list<RenderPool::Task> RenderPool::remove(std::list<Task>& from, Place task)
{
    by_key_.erase(task->key);
    std::list<Task> removed;
    removed.splice(removed.end(), from, task);
    return removed;
}

} // namespace ardoise
