// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/mapped_file.hpp"

#include "pyramid/base/failure.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ardoise {

MappedFile::MappedFile(std::filesystem::path const& file)
{
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail("{}: cannot be opened: {}", file.string(), std::strerror(errno));
    struct stat status {};
    void* mapping = MAP_FAILED;
    bool const known = ::fstat(descriptor, &status) == 0;
    auto const size = static_cast<std::size_t>(status.st_size);
    bool const mappable = known && S_ISREG(status.st_mode) && size > 0;
    if (mappable)
        mapping = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    int const trouble = errno;
    ::close(descriptor);
    if (known && !S_ISREG(status.st_mode))
        fail("{}: is not a regular file", file.string());
    if (known && size == 0)
        fail("{}: is empty", file.string());
    if (mapping == MAP_FAILED)
        fail("{}: cannot be mapped: {}", file.string(), std::strerror(trouble));
    bytes_ = {static_cast<std::byte const*>(mapping), size};
    modified_ = std::chrono::system_clock::time_point{std::chrono::seconds{status.st_mtim.tv_sec} +
                                                      std::chrono::nanoseconds{status.st_mtim.tv_nsec}};
}

MappedFile::~MappedFile()
{
    if (!bytes_.empty())
        ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_{std::exchange(other.bytes_, {})}, modified_{other.modified_}
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(bytes_, other.bytes_);
    std::swap(modified_, other.modified_);
    return *this;
}

} // namespace ardoise
