// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace ardoise {

namespace {

std::string duration_text(double seconds)
{
    auto const whole = static_cast<long>(std::lround(seconds));
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3600)
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

} // namespace

ProgressStyle usual_progress_style()
{
    return ::isatty(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::lines;
}

Progress::Progress(std::string what, ProgressStyle style) : what_{std::move(what)}, style_{style} {}

bool Progress::due(std::size_t done, std::size_t total)
{
    if (style_ == ProgressStyle::silent || total == 0)
        return false;
    if (style_ == ProgressStyle::lines) {
        auto const tenths = done * 10 / total;
        return std::exchange(tenths_shown_, tenths) != tenths;
    }
    auto const now = std::chrono::steady_clock::now();
    if (done < total && now - last_shown_ < std::chrono::milliseconds{250})
        return false;
    last_shown_ = now;
    return true;
}

void Progress::show(std::size_t done, std::size_t total)
{
    if (!due(done, total))
        return;
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    double const rate = static_cast<double>(done) / std::max(seconds, 1e-3);
    double const left = static_cast<double>(total - done) / std::max(rate, 1e-9);
    switch (style_) {
    case ProgressStyle::bar: {
        auto const filled = done * 30 / total;
        fmt::print(stderr, "\r{} [{}{}] {}/{}  {:.1f}/s  {} left \x1b[K{}", what_, std::string(filled, '#'),
                   std::string(30 - filled, '.'), done, total, rate, duration_text(left),
                   done == total ? "\n" : "");
        break;
    }
    case ProgressStyle::lines:
        fmt::print(stderr, "{}: {} of {} ({} %), {:.1f}/s, {} left\n", what_, done, total, done * 100 / total,
                   rate, duration_text(left));
        break;
    case ProgressStyle::json:
        fmt::print(
            stderr,
            "{{\"progress\":\"{}\",\"done\":{},\"total\":{},\"rate\":{:.3f},\"seconds_left\":{:.1f}}}\n",
            what_, done, total, rate, left);
        break;
    case ProgressStyle::silent:
        break;
    }
    std::fflush(stderr);
}

} // namespace ardoise
