// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/unpublished.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"

#include <unistd.h>

namespace ardoise {

Unpublished::Unpublished(std::filesystem::path path) : path_{std::filesystem::absolute(path)}
{
    std::error_code trouble;
    std::filesystem::create_directories(path_.parent_path(), trouble);
    if (trouble)
        fail("{}: the folder cannot be made: {}", path_.parent_path().string(), trouble.message());
    beside_ = path_.parent_path() / fmt::format(".{}.{}.part", path_.filename().string(), ::getpid());
    std::filesystem::remove_all(beside_, trouble);
}

Unpublished::~Unpublished()
{
    std::error_code ignored;
    std::filesystem::remove_all(beside_, ignored);
}

void Unpublished::publish()
{
    flush_file_system(path_.parent_path());
    std::error_code trouble;
    std::filesystem::rename(beside_, path_, trouble);
    if (trouble)
        fail("{}: cannot take its name: {}", path_.string(), trouble.message());
    flush_file_system(path_.parent_path());
}

} // namespace ardoise
