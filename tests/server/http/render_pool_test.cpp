// SPDX-License-Identifier: Apache-2.0
#include "server/http/render_pool.hpp"
#include "tests/server/http/running_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace ardoise;

TEST_CASE("the pool runs what it accepts, and accepts as many tasks as it has threads and places")
{
    Gate gate;
    std::atomic<int> done = 0;
    RenderPool pool{2, 3};
    auto const task = [&] {
        gate.wait();
        ++done;
    };
    for (int i = 0; i < 5; ++i)
        CHECK(pool.submit(task));
    CHECK_FALSE(pool.submit(task));
    gate.open();
    while (done != 5)
        std::this_thread::yield();
    while (!pool.submit([] {}))
        std::this_thread::yield();
}

TEST_CASE("a closed pool forgets what waits, ends what runs and accepts nothing")
{
    Gate started, gate;
    std::atomic<int> done = 0;
    RenderPool pool{1, 10};
    pool.submit([&] {
        started.open();
        gate.wait();
        ++done;
    });
    started.wait();
    pool.submit([&] { done += 100; });
    std::jthread const opener{[&] { gate.open(); }};
    pool.close();
    CHECK((done == 1 || done == 101));
    CHECK_FALSE(pool.submit([] {}));
}

TEST_CASE("a pool without places to wait still runs a task on each of its threads")
{
    Gate gate;
    RenderPool pool{2, 0};
    CHECK(pool.submit([&] { gate.wait(); }));
    CHECK(pool.submit([&] { gate.wait(); }));
    CHECK_FALSE(pool.submit([] {}));
    gate.open();
}
