// SPDX-License-Identifier: Apache-2.0
// Threads that do what would hold connections up, and the bounded queue before them.
#pragma once

#include "server/http/server.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ardoise {

/// Does work on threads of its own, first come, first served. Who wants what waits already or is being done,
/// by its key, joins those who wait for that: it takes no place in the queue and no thread. Safe to share
/// between threads.
class WorkPool {
    struct Task;

public:
    /// Null: the work waited for too long and was not done, or there was no memory to say what became of it.
    using Outcome = std::shared_ptr<Response const>;

    /// How long work is waited for. What has begun may never end: a disk can hang.
    struct Patience {
        std::chrono::milliseconds before_it_begins, until_it_ends;
    };

    /// One who waits for work, until it is told or gone. `receive` is called once at most, on one of the
    /// pool's threads and under its lock: it takes note and calls nothing of the pool.
    class Waiter {
    public:
        explicit Waiter(std::function<void(Outcome const&)> receive) : receive_{std::move(receive)} {}
        ~Waiter() { give_up(); }
        Waiter(Waiter const&) = delete;
        Waiter& operator=(Waiter const&) = delete;

        /// For one who waits no more. True: it will be told nothing, and what nobody else waits for leaves
        /// the queue. False: it has been told already.
        bool give_up();

    private:
        friend WorkPool;
        std::function<void(Outcome const&)> receive_;
        std::list<Task>::iterator task_;        // while it waits
        std::atomic<WorkPool*> pool_ = nullptr; // the same; changes under the pool's lock
    };

    /// At most `places` tasks wait while all threads are busy, each for so long as `patience` says after the
    /// last who joined it, and then for its end. Who draws steps back for the threads that serve connections.
    WorkPool(Work::Kind kind, unsigned threads, std::size_t places, Patience patience);
    ~WorkPool();
    WorkPool(WorkPool const&) = delete;
    WorkPool& operator=(WorkPool const&) = delete;

    /// False when the queue is full or closed: nobody will be told anything. Work must not throw.
    bool submit(Work work, Waiter& waiter);
    /// Tells those whose patience has ended; to be called now and then.
    void tell_who_waited_too_long();
    /// Forgets the work that waits and tells nobody; nothing more is begun.
    void shut();
    /// The same, and returns when what runs has ended.
    void close();

    WorkCounts counts() const;

private:
    struct Task {
        std::function<Response()> make;
        std::string key;
        std::chrono::steady_clock::time_point deadline; // of what is waited for: begin or end
        std::unordered_set<Waiter*> waiters;
        bool is_running = false;
    };
    using Place = std::list<Task>::iterator;

    bool has_room() const { return waiting_.size() + running_.size() < capacity_; }
    Place enqueue(Work work);
    bool forsake(Waiter& waiter);
    void run();
    static Outcome answer_of(Task const& task);
    Place take();
    void tell(Task& task, Outcome const& outcome);
    std::list<Task> remove(std::list<Task>& from, Place task);

    std::size_t const capacity_; // tasks waiting or running
    Patience const patience_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::list<Task> waiting_, running_;
    std::unordered_map<std::string, Place> by_key_; // of both
    std::uint64_t done_ = 0, refused_ = 0, forsaken_ = 0, late_ = 0;
    bool closed_ = false;
    std::vector<std::jthread> threads_; // last: they use all of the above
};

/// A pool for each kind of work.
struct WorkPools {
    WorkPool drawing, reading;

    WorkPool& of(Work::Kind kind) { return kind == Work::Kind::reading ? reading : drawing; }
    void tell_who_waited_too_long()
    {
        drawing.tell_who_waited_too_long();
        reading.tell_who_waited_too_long();
    }
    void close()
    {
        drawing.shut();
        reading.shut();
        drawing.close();
        reading.close();
    }
};

} // namespace ardoise
