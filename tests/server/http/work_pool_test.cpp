// SPDX-License-Identifier: Apache-2.0
#include "server/http/work_pool.hpp"
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <deque>

using namespace ardoise;

namespace {

constexpr WorkPool::Patience patience{std::chrono::hours{1}, std::chrono::hours{1}};
constexpr std::chrono::milliseconds none{0}, little{200};

/// One who waits and remembers what it was told.
class Listener {
public:
    WorkPool::Waiter& waiter() { return waiter_; }
    bool is_told() const { return told_.load() > 0; }
    WorkPool::Outcome const& outcome() const
    {
        while (!is_told())
            std::this_thread::yield();
        return outcome_;
    }
    int times_told() const { return told_; }

private:
    WorkPool::Outcome outcome_;
    std::atomic<int> told_ = 0;
    WorkPool::Waiter waiter_{[this](WorkPool::Outcome const& outcome) {
        outcome_ = outcome;
        ++told_;
    }};
};

/// Work that counts how often it is done, each time from when the gate is open.
class CountedWork {
public:
    Work work(std::string key = {})
    {
        auto make = [this] {
            ++started_;
            gate_.wait();
            return text_response(200, "text/plain", std::to_string(++done_));
        };
        return Work{make, std::move(key)};
    }
    void open() { gate_.open(); }
    int done() const { return done_; }
    void await_start(int number = 1) const
    {
        while (started_ < number)
            std::this_thread::yield();
    }

private:
    Gate gate_;
    std::atomic<int> started_ = 0, done_ = 0;
};

std::string text_of(WorkPool::Outcome const& outcome)
{
    return outcome ? std::string{as_text(outcome->body.view)} : "nothing";
}

} // namespace

TEST_CASE("the pool does what it accepts, and accepts as much as it has threads and places")
{
    CountedWork counted;
    std::deque<Listener> listeners(6);
    WorkPool pool{Work::Kind::drawing, 2, 3, patience};
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(pool.submit(counted.work(), listeners[i].waiter()));
    CHECK_FALSE(pool.submit(counted.work(), listeners[5].waiter()));
    counted.await_start(2);
    CHECK(pool.counts().running == 2);
    CHECK(pool.counts().waiting == 3);
    counted.open();
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(listeners[i].outcome());
    CHECK(counted.done() == 5);
    CHECK_FALSE(listeners[5].is_told());
    while (!pool.submit(counted.work(), listeners[5].waiter()))
        std::this_thread::yield();
    CHECK(listeners[5].outcome());
}

TEST_CASE("a closed pool forgets what waits, ends what runs and accepts nothing")
{
    CountedWork counted;
    Listener first, second, third;
    WorkPool pool{Work::Kind::drawing, 1, 10, patience};
    pool.submit(counted.work(), first.waiter());
    counted.await_start();
    pool.submit(counted.work(), second.waiter());
    std::jthread const opener{[&] { counted.open(); }};
    pool.close();
    CHECK(first.is_told());
    CHECK(second.is_told() == (counted.done() == 2));
    CHECK_FALSE(second.waiter().give_up());
    CHECK_FALSE(pool.submit(counted.work(), third.waiter()));
}

TEST_CASE("a pool without places to wait still uses each of its threads")
{
    CountedWork counted;
    Listener first, second, third;
    WorkPool pool{Work::Kind::drawing, 2, 0, patience};
    CHECK(pool.submit(counted.work(), first.waiter()));
    CHECK(pool.submit(counted.work(), second.waiter()));
    CHECK_FALSE(pool.submit(counted.work(), third.waiter()));
    counted.open();
}

TEST_CASE("work of one key is done once for all who want it, whether it waits or runs, and takes one place")
{
    for (bool const is_running : {false, true}) {
        CountedWork other, counted;
        Listener before;
        std::deque<Listener> crowd(50);
        WorkPool pool{Work::Kind::drawing, 1, 1, patience};
        if (!is_running) {
            pool.submit(other.work("other"), before.waiter());
            other.await_start();
        }
        for (auto& listener : crowd) {
            REQUIRE(pool.submit(counted.work("same"), listener.waiter()));
            if (is_running)
                counted.await_start();
        }
        CHECK(pool.counts().running + pool.counts().waiting == (is_running ? 1 : 2));
        other.open();
        counted.open();
        for (auto const& listener : crowd) {
            CHECK(text_of(listener.outcome()) == "1");
            CHECK(listener.times_told() == 1);
        }
        CHECK(counted.done() == 1);
    }
}

TEST_CASE("what is done already is done again for those who come later, and so is work without a key")
{
    CountedWork counted;
    counted.open();
    Listener first, second;
    WorkPool pool{Work::Kind::drawing, 1, 10, patience};
    pool.submit(counted.work("same"), first.waiter());
    CHECK(text_of(first.outcome()) == "1");
    while (pool.counts().running > 0)
        std::this_thread::yield();
    pool.submit(counted.work("same"), second.waiter());
    CHECK(text_of(second.outcome()) == "2");

    Listener third, fourth;
    pool.submit(counted.work(), third.waiter());
    pool.submit(counted.work(), fourth.waiter());
    CHECK(text_of(third.outcome()) != text_of(fourth.outcome()));
}

TEST_CASE("work leaves the queue, and its place is free, when the last who wanted it gives up")
{
    CountedWork busy, wanted;
    Listener first, left, stays, follows;
    WorkPool pool{Work::Kind::drawing, 1, 1, patience};
    pool.submit(busy.work(), first.waiter());
    busy.await_start();
    pool.submit(wanted.work("same"), left.waiter());
    pool.submit(wanted.work("same"), stays.waiter());
    CHECK(left.waiter().give_up());
    CHECK_FALSE(left.waiter().give_up());
    CHECK(pool.counts().waiting == 1);
    CHECK(pool.counts().forsaken == 0);
    CHECK(stays.waiter().give_up());
    CHECK(pool.counts().waiting == 0);
    CHECK(pool.counts().forsaken == 1);
    CHECK(pool.submit(wanted.work("same"), follows.waiter()));
    busy.open();
    wanted.open();
    CHECK(text_of(follows.outcome()) == "1");
    CHECK_FALSE(left.is_told());
    CHECK_FALSE(stays.is_told());
}

TEST_CASE("who gives up while the work is done is told nothing, who comes then still gets it")
{
    CountedWork counted;
    Listener left, late;
    WorkPool pool{Work::Kind::drawing, 1, 0, patience};
    pool.submit(counted.work("same"), left.waiter());
    counted.await_start();
    CHECK(left.waiter().give_up());
    CHECK(pool.submit(counted.work("same"), late.waiter()));
    counted.open();
    CHECK(text_of(late.outcome()) == "1");
    CHECK_FALSE(left.is_told());
    CHECK_FALSE(late.waiter().give_up());
    CHECK(pool.counts().forsaken == 0);
}

TEST_CASE("who goes away while waiting is told nothing, and leaves the queue")
{
    CountedWork busy, wanted;
    Listener first;
    WorkPool pool{Work::Kind::drawing, 1, 1, patience};
    pool.submit(busy.work(), first.waiter());
    busy.await_start();
    {
        Listener gone;
        pool.submit(wanted.work(), gone.waiter());
        CHECK(pool.counts().waiting == 1);
    }
    CHECK(pool.counts().waiting == 0);
    CHECK(pool.counts().forsaken == 1);
    busy.open();
    CHECK(text_of(first.outcome()) == "1");
    CHECK(wanted.done() == 0);
}

TEST_CASE("work that has waited too long is not done, and all who wanted it are told")
{
    CountedWork busy, wanted;
    Listener first, second, third;
    WorkPool pool{Work::Kind::drawing, 1, 10, {none, none}};
    wanted.open();
    pool.submit(wanted.work("same"), second.waiter());
    pool.submit(wanted.work("same"), third.waiter());
    CHECK(text_of(second.outcome()) == "nothing");
    CHECK(text_of(third.outcome()) == "nothing");
    CHECK(pool.counts().late >= 1);
    CHECK(wanted.done() == 0);
}

TEST_CASE("patience ends while all threads are busy, too")
{
    CountedWork busy, wanted;
    Listener first, second;
    WorkPool pool{Work::Kind::drawing, 1, 10, {none, none}};
    pool.submit(busy.work(), first.waiter());
    if (!first.is_told())
        pool.tell_who_waited_too_long();
    CHECK(text_of(first.outcome()) == "nothing");

    WorkPool patient{Work::Kind::drawing, 1, 10, patience};
    Listener running;
    patient.submit(busy.work(), running.waiter());
    busy.await_start();
    patient.submit(wanted.work(), second.waiter());
    patient.tell_who_waited_too_long();
    CHECK_FALSE(second.is_told());
    CHECK_FALSE(running.is_told());
    busy.open();
    wanted.open();
}

TEST_CASE("work that does not end is not waited for for ever, and who joins it then waits no more")
{
    CountedWork hung;
    Listener first, late;
    WorkPool pool{Work::Kind::reading, 1, 10, {std::chrono::hours{1}, little}};
    pool.submit(hung.work("same"), first.waiter());
    hung.await_start();
    while (!first.is_told())
        pool.tell_who_waited_too_long();
    CHECK(text_of(first.outcome()) == "nothing");
    pool.submit(hung.work("same"), late.waiter());
    pool.tell_who_waited_too_long();
    CHECK(text_of(late.outcome()) == "nothing");
    hung.open();
    while (pool.counts().done == 0)
        std::this_thread::yield();
    CHECK(first.times_told() == 1);
    CHECK(late.times_told() == 1);
}
