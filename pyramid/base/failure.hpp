// SPDX-License-Identifier: Apache-2.0
// A broken world: a disk, a file or a slab that is not what it must be.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace ardoise {

/// Something outside the program went wrong: the message names the thing (nearly always a file) and, where
/// there is one, the remedy. Caught once per request (answered 500, the message goes to the log only) and
/// once in each `main` (one sentence, exit code 1).
class Failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws Failure with a formatted message: `fail("{}: not a TIFF file", file)`.
template <typename... Args>
[[noreturn]] void fail(fmt::format_string<Args...> text, Args&&... args)
{
    throw Failure{fmt::format(text, std::forward<Args>(args)...)};
}

} // namespace ardoise
