// SPDX-License-Identifier: Apache-2.0
// --log: what a command said and how far it came, kept in a file.
#pragma once

#include <filesystem>
#include <string>

namespace ardoise {

/// Appends lines with the time in UTC, each written at once. One thread at a time.
class WorkLog {
public:
    /// Without a name nothing is kept. Throws Failure when the file cannot be written.
    explicit WorkLog(std::filesystem::path const& file);
    ~WorkLog();
    WorkLog(WorkLog const&) = delete;
    WorkLog& operator=(WorkLog const&) = delete;

    /// `text` without a line's end; line ends and control characters within it become spaces.
    void line(std::string text);

private:
    int descriptor_ = -1;
};

} // namespace ardoise
