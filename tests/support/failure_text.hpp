// SPDX-License-Identifier: Apache-2.0
// What a piece of code says when it fails.
#pragma once

#include "pyramid/base/failure.hpp"

#include <string>

namespace ardoise::test {

/// The message of the Failure that `action` throws; "(no failure)" when it throws none. Others pass through.
template <typename Action>
std::string failure_text(Action&& action)
{
    try {
        action();
    } catch (Failure const& failure) {
        return failure.what();
    }
    return "(no failure)";
}

} // namespace ardoise::test
