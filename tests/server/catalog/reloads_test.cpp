// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/reloads.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;

namespace {

constexpr std::chrono::hours never{1};

/// A store, and reloads of it that are counted.
class CountedReloads {
public:
    explicit CountedReloads(std::chrono::seconds period)
        : watch_{options_of(folder_)}, reloads_{[this](Reread) { count(); }, watch_, period}
    {
    }

    Reloads& operator*() { return reloads_; }
    void change() { write_atomically(folder_ / fmt::format("{}.json", ++files_), "{}"); }
    /// Waits until there have been that many; whoever waits in vain is stopped by ctest.
    void await(int wanted)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return reloads_so_far_ >= wanted; });
    }
    int so_far()
    {
        std::scoped_lock const lock{mutex_};
        return reloads_so_far_;
    }

private:
    static CatalogOptions options_of(test::TemporaryFolder const& folder)
    {
        CatalogOptions options;
        options.store = folder.path();
        return options;
    }
    void count()
    {
        watch_.remember();
        std::scoped_lock const lock{mutex_};
        ++reloads_so_far_;
        changed_.notify_all();
    }

    test::TemporaryFolder folder_;
    int files_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    int reloads_so_far_ = 0;
    CatalogWatch watch_;
    Reloads reloads_; // last: its thread uses all of the above
};

} // namespace

TEST_CASE("a request reloads, whether anything has changed or not")
{
    for (std::chrono::seconds const period : {std::chrono::seconds{0}, std::chrono::seconds{never}}) {
        CountedReloads counted{period};
        for (int i = 1; i <= 3; ++i) {
            (*counted).request();
            counted.await(i);
        }
        CHECK(counted.so_far() == 3);
    }
}

TEST_CASE("a change is found by the clock")
{
    CountedReloads counted{std::chrono::seconds{1}};
    (*counted).request(); // it remembers what is there
    counted.await(1);
    counted.change();
    counted.await(2);
    CHECK(counted.so_far() == 2);
}

TEST_CASE("a change is found at once when something is missed")
{
    CountedReloads counted{never};
    (*counted).request();
    counted.await(1);
    for (int i = 2; i <= 3; ++i) {
        counted.change();
        while (counted.so_far() < i) // as clients who come again do
            (*counted).look_at_once();
    }
    CHECK(counted.so_far() == 3);
}

TEST_CASE("who does not want looks gets none, whatever is missed")
{
    CountedReloads counted{std::chrono::seconds{0}};
    (*counted).request();
    counted.await(1);
    counted.change();
    for (int i = 0; i < 3; ++i)
        (*counted).look_at_once();
    (*counted).request();
    counted.await(2);
    CHECK(counted.so_far() == 2);
}

TEST_CASE("reloads end with their owner, busy or not")
{
    for (int i = 0; i < 50; ++i) {
        CountedReloads counted{never};
        if (i % 2 == 0)
            (*counted).request();
        (*counted).look_at_once();
    }
}
