// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace ardoise {

std::string duration_text(double seconds)
{
    auto const whole = static_cast<long>(std::lround(seconds));
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3600)
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

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

Progress::Pace Progress::pace(std::size_t done, std::size_t total) const
{
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    double const rate = static_cast<double>(done - *done_before_) / std::max(seconds, 1e-3);
    return {rate, static_cast<double>(total - done) / std::max(rate, 1e-9)};
}

std::string Progress::rate_text(double rate) const
{
    return megapixels_each_ ? fmt::format("{:.1f}/s, {:.1f} Mpx/s", rate, rate * *megapixels_each_)
                            : fmt::format("{:.1f}/s", rate);
}

std::string Progress::line(std::size_t done, std::size_t total, Pace const& pace) const
{
    return fmt::format("{}: {} of {} ({} %), {}, {} left", what_, done, total, done * 100 / total,
                       rate_text(pace.rate), duration_text(pace.seconds_left));
}

void Progress::print(std::size_t done, std::size_t total, Pace const& pace) const
{
    switch (style_) {
    case ProgressStyle::bar: {
        auto const filled = done * 30 / total;
        fmt::print(stderr, "\r{} [{}{}] {}/{}  {}  {} left \x1b[K{}", what_, std::string(filled, '#'),
                   std::string(30 - filled, '.'), done, total, rate_text(pace.rate),
                   duration_text(pace.seconds_left), done == total ? "\n" : "");
        break;
    }
    case ProgressStyle::lines:
        fmt::print(stderr, "{}\n", line(done, total, pace));
        break;
    case ProgressStyle::json:
        fmt::print(
            stderr,
            "{{\"progress\":\"{}\",\"done\":{},\"total\":{},\"rate\":{:.3f}{},\"seconds_left\":{:.1f}}}\n",
            what_, done, total, pace.rate,
            megapixels_each_ ? fmt::format(",\"megapixels_per_second\":{:.3f}", pace.rate * *megapixels_each_)
                             : "",
            pace.seconds_left);
        break;
    case ProgressStyle::silent:
        break;
    }
    std::fflush(stderr);
}

void Progress::show(std::size_t done, std::size_t total)
{
    if (!done_before_)
        done_before_ = done > 0 ? done - 1 : 0;
    if (total == 0)
        return;
    auto const now = pace(done, total);
    if (due(done, total))
        print(done, total, now);
    auto const hundredths = done * 100 / total;
    if (log_ && std::exchange(hundredths_logged_, hundredths) != hundredths)
        log_->line(line(done, total, now));
}

} // namespace ardoise
