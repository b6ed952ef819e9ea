// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include <unistd.h>

namespace ardoise {

namespace {

using namespace std::chrono_literals;

constexpr auto between_lines = 10s;      // in a file nobody watches them come
constexpr auto between_pictures = 250ms; // of a bar, and of what a machine makes one from

} // namespace

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

Progress::Progress(std::string what, ProgressStyle style)
    : what_{std::move(what)}, style_{style}, shown_{style == ProgressStyle::lines
                                                        ? Rhythm{between_lines, start_}
                                                        : Rhythm{between_pictures, {}}},
      logged_{between_lines, start_}
{
}

Progress::Pace Progress::pace(std::size_t done, std::size_t total) const
{
    double const seconds = std::chrono::duration<double>(Rhythm::Clock::now() - start_).count();
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
    }
    std::fflush(stderr);
}

void Progress::show(std::size_t done, std::size_t total)
{
    if (!done_before_)
        done_before_ = done > 0 ? done - 1 : 0;
    if (total == 0)
        return;
    auto const now = Rhythm::Clock::now();
    if (shown_.due(now, done == total))
        print(done, total, pace(done, total));
    if (log_ && logged_.due(now, done == total))
        log_->line(line(done, total, pace(done, total)));
}

} // namespace ardoise
