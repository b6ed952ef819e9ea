// SPDX-License-Identifier: Apache-2.0
#include "server/http/server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <unistd.h>

using namespace ardoise;

TEST_CASE("the watcher reports each signal on a thread of its own")
{
    std::atomic<int> last = 0;
    std::atomic<bool> elsewhere = false;
    SignalWatcher const watcher{[&, here = std::this_thread::get_id()](int number) {
        elsewhere = std::this_thread::get_id() != here;
        last = number;
    }};
    for (int const number : {SIGHUP, SIGTERM, SIGINT, SIGHUP}) {
        last = 0;
        ::kill(::getpid(), number);
        while (last != number)
            std::this_thread::yield();
        CHECK(elsewhere);
    }
}

TEST_CASE("a watcher survives what its listener throws")
{
    std::atomic<int> calls = 0;
    SignalWatcher const watcher{[&](int) {
        if (++calls == 1)
            throw std::runtime_error{"reload failed"};
    }};
    for (int const expected : {1, 2}) {
        ::kill(::getpid(), SIGHUP);
        while (calls != expected)
            std::this_thread::yield();
    }
}

TEST_CASE("a watcher may be followed by another")
{
    for (int round = 0; round < 3; ++round) {
        std::atomic<int> calls = 0;
        SignalWatcher const watcher{[&](int) { ++calls; }};
        ::kill(::getpid(), SIGTERM);
        while (calls != 1)
            std::this_thread::yield();
    }
}
