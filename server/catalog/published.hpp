// SPDX-License-Identifier: Apache-2.0
// The current value of something that is replaced whole, never edited.
#pragma once

#include <memory>
#include <mutex>

namespace ardoise {

/// Safe to share. A reader keeps the value it took for as long as it needs it. (A mutex, not
/// atomic<shared_ptr>: that one is no faster in libstdc++ 12, and the thread sanitizer finds a race inside
/// it.)
template <typename T>
class Published {
public:
    explicit Published(std::shared_ptr<T const> first) : value_{std::move(first)} {}

    std::shared_ptr<T const> current() const
    {
        std::scoped_lock const lock{mutex_};
        return value_;
    }
    void publish(std::shared_ptr<T const> next)
    {
        std::unique_lock lock{mutex_};
        value_.swap(next);
        lock.unlock(); // the old value dies, if it does, outside of the lock
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T const> value_;
};

} // namespace ardoise
