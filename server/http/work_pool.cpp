// SPDX-License-Identifier: Apache-2.0
#include "server/http/work_pool.hpp"

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

WorkPool::WorkPool(Work::Kind kind, unsigned threads, std::size_t places, Patience patience)
    : capacity_{threads + places}, patience_{patience}
{
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this, kind] {
            if (kind == Work::Kind::drawing)
                yield_to_connections();
            run();
        });
}

WorkPool::~WorkPool()
{
    close();
}

bool WorkPool::submit(Work work, Waiter& waiter)
{
    std::scoped_lock const lock{mutex_};
    auto const same = work.key.empty() ? by_key_.end() : by_key_.find(work.key);
    if (closed_ || (same == by_key_.end() && !has_room())) {
        ++refused_;
        return false;
    }
    waiter.task_ = same == by_key_.end() ? enqueue(std::move(work)) : same->second;
    if (!waiter.task_->is_running)
        waiter.task_->deadline = std::chrono::steady_clock::now() + patience_.before_it_begins;
    waiter.task_->waiters.insert(&waiter);
    waiter.pool_ = this;
    return true;
}

WorkPool::Place WorkPool::enqueue(Work work)
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

bool WorkPool::Waiter::give_up()
{
    auto* const pool = pool_.load();
    return pool && pool->forsake(*this);
}

bool WorkPool::forsake(Waiter& waiter)
{
    std::list<Task> forsaken; // what it holds is let go after the lock
    std::scoped_lock const lock{mutex_};
    if (!waiter.pool_.exchange(nullptr))
        return false;
    auto& task = *waiter.task_;
    task.waiters.erase(&waiter);
    if (task.waiters.empty() && !task.is_running) {
        forsaken = remove(waiting_, waiter.task_);
        ++forsaken_;
    }
    return true;
}

void WorkPool::tell_who_waited_too_long()
{
    std::list<Task> ended; // what they hold is let go after the lock
    std::scoped_lock const lock{mutex_};
    auto const now = std::chrono::steady_clock::now();
    for (auto task = waiting_.begin(); task != waiting_.end();) {
        auto const one = task++;
        if (now < one->deadline)
            continue;
        ++late_;
        tell(*one, nullptr);
        ended.splice(ended.end(), remove(waiting_, one));
    }
    for (auto& task : running_)
        if (now >= task.deadline)
            tell(task, nullptr);
}

void WorkPool::shut()
{
    std::list<Task> forgotten;
    {
        std::scoped_lock const lock{mutex_};
        closed_ = true;
        by_key_.clear();
        forgotten.swap(waiting_);
        for (auto const& task : forgotten)
            for (auto* waiter : task.waiters)
                waiter->pool_ = nullptr;
    }
    arrived_.notify_all();
}

void WorkPool::close()
{
    shut();
    threads_.clear();
}

WorkCounts WorkPool::counts() const
{
    std::scoped_lock const lock{mutex_};
    return {.waiting = waiting_.size(),
            .running = running_.size(),
            .done = done_,
            .refused = refused_,
            .forsaken = forsaken_,
            .late = late_};
}

void WorkPool::run()
{
    std::unique_lock lock{mutex_};
    for (;;) {
        arrived_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (closed_)
            return;
        auto const task = take();
        Outcome outcome;
        // Who waited that long has given up or will; the ones behind have not yet.
        if (auto const now = std::chrono::steady_clock::now(); now < task->deadline) {
            task->deadline = now + patience_.until_it_ends;
            lock.unlock();
            outcome = answer_of(*task);
            lock.lock();
            ++done_;
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
WorkPool::Outcome WorkPool::answer_of(Task const& task)
{
    try {
        return std::make_shared<Response const>(task.make());
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}

WorkPool::Place WorkPool::take()
{
    auto const task = waiting_.begin();
    running_.splice(running_.end(), waiting_, task);
    task->is_running = true;
    return task;
}

void WorkPool::tell(Task& task, Outcome const& outcome)
{
    for (auto* waiter : std::exchange(task.waiters, {})) {
        waiter->receive_(outcome);
        waiter->pool_ = nullptr; // last: from here on it may go without asking
    }
}

std::list<WorkPool::Task> WorkPool::remove(std::list<Task>& from, Place task)
{
    by_key_.erase(task->key);
    std::list<Task> removed;
    removed.splice(removed.end(), from, task);
    return removed;
}

} // namespace ardoise
