// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/mapped_file.hpp"

#include "pyramid/base/failure.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ardoise {

MappedFile::MappedFile(std::filesystem::path const& file, Keep keep)
{
    // Not to wait for ever for a writer where somebody put a pipe in the place of a file.
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
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
    bool const is_kept = keep == Keep::mapping_and_descriptor && mapping != MAP_FAILED;
    if (!is_kept)
        ::close(descriptor);
    if (known && !S_ISREG(status.st_mode))
        fail("{}: is not a regular file", file.string());
    if (known && size == 0)
        fail("{}: is empty", file.string());
    if (mapping == MAP_FAILED)
        fail("{}: cannot be mapped: {}", file.string(), std::strerror(trouble));
    bytes_ = {static_cast<std::byte const*>(mapping), size};
    descriptor_ = is_kept ? descriptor : -1;
    modified_ = std::chrono::system_clock::time_point{std::chrono::seconds{status.st_mtim.tv_sec} +
                                                      std::chrono::nanoseconds{status.st_mtim.tv_nsec}};
}

MappedFile::~MappedFile()
{
    if (!bytes_.empty())
        ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_{std::exchange(other.bytes_, {})},
      descriptor_{std::exchange(other.descriptor_, -1)}, modified_{other.modified_}
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(bytes_, other.bytes_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(modified_, other.modified_);
    return *this;
}

namespace {

/// Runs on the faulting thread, in the middle of anything: system calls only.
void put_zeros_under(int, siginfo_t* fault, void*)
{
    auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    auto* const start =
        reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(fault->si_addr) / page * page);
    bool const beyond_a_file = fault->si_code == BUS_ADRERR;
    void* const zeros = beyond_a_file
                            ? ::mmap(start, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
                            : MAP_FAILED;
    if (zeros == MAP_FAILED)
        ::signal(SIGBUS, SIG_DFL); // what faulted faults again, and ends the process
}

} // namespace

void survive_shortened_files()
{
    struct sigaction action {};
    action.sa_sigaction = put_zeros_under;
    action.sa_flags = SA_SIGINFO;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGBUS, &action, nullptr);
}

} // namespace ardoise
