// SPDX-License-Identifier: Apache-2.0
// A folder of a test's own, gone with it.
#pragma once

#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace ardoise::test {

class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "ardoise-test-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error{"no temporary folder can be made"};
        path_ = pattern;
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::filesystem::path const& path() const { return path_; }
    std::filesystem::path operator/(std::string const& name) const { return path_ / name; }

    /// Every file and folder below it, relative.
    std::set<std::string> listing() const
    {
        std::set<std::string> names;
        for (auto const& entry : std::filesystem::recursive_directory_iterator{path_})
            names.insert(entry.path().lexically_relative(path_).string());
        return names;
    }

private:
    std::filesystem::path path_;
};

} // namespace ardoise::test
