// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/work_log.hpp"

#include "pyramid/base/failure.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace ardoise {

WorkLog::WorkLog(std::filesystem::path const& file)
{
    if (file.empty())
        return;
    descriptor_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0)
        fail("{}: cannot be written: {}", file.string(), std::strerror(errno));
}

WorkLog::~WorkLog()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

void WorkLog::line(std::string text)
{
    if (descriptor_ < 0)
        return;
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    auto const line = fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {}\n", fmt::gmtime(std::time(nullptr)), text);
    // A full disk must not end a build of days: what cannot be logged is not.
    [[maybe_unused]] auto const written = ::write(descriptor_, line.data(), line.size());
}

} // namespace ardoise
