// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/mapped_file.hpp"

#include "pyramid/base/failure.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace ardoise {

namespace {

std::size_t page_size()
{
    static auto const size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

/// The whole pages that hold `part`, of a mapping that begins with a page.
ByteView pages_of(ByteView part)
{
    auto const before = reinterpret_cast<std::uintptr_t>(part.data()) % page_size();
    return {part.data() - before, part.size() + before};
}

void* address_of(ByteView pages)
{
    return const_cast<std::byte*>(pages.data());
}

/// Whoever may read the file gets a true answer, other than of mincore(), which says yes to whoever may not
/// write it.
bool reads_without_waiting(int descriptor, std::size_t offset, std::size_t size)
{
    std::array<std::byte, 64 << 10> unused;
    for (auto const end = offset + size; offset < end;) {
        iovec const part{unused.data(), std::min(end - offset, unused.size())};
        auto const bytes = ::preadv2(descriptor, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
        if (bytes <= 0)
            return false;
        offset += static_cast<std::size_t>(bytes);
    }
    return true;
}

void read_through(int descriptor, std::size_t offset, std::size_t size)
{
    std::array<std::byte, 64 << 10> unused;
    for (auto const end = offset + size; offset < end;) {
        auto const bytes = ::pread(descriptor, unused.data(), std::min(end - offset, unused.size()),
                                   static_cast<off_t>(offset));
        if (bytes < 0 && errno != EINTR)
            fail("the bytes from {} on cannot be read: {}", offset, std::strerror(errno));
        if (bytes == 0)
            fail("the bytes from {} on cannot be read: the file has become shorter", offset);
        offset += static_cast<std::size_t>(std::max<ssize_t>(bytes, 0));
    }
}

/// Without a fault, which could only end the process or read zeros. Before Linux 5.14, which does not know
/// how, who reads the bytes waits for them.
void populate(ByteView pages)
{
    if (::madvise(address_of(pages), pages.size(), MADV_POPULATE_READ) != 0 && errno != EINVAL)
        fail("the bytes cannot be read: {}", std::strerror(errno));
}

} // namespace

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

bool MappedFile::is_in_memory(std::size_t offset, std::size_t size) const
{
    return descriptor_ >= 0 && reads_without_waiting(descriptor_, offset, size);
}

void MappedFile::ask_for(std::size_t offset, std::size_t size) const
{
    auto const pages = pages_of(bytes_.subspan(offset, size));
    ::madvise(address_of(pages), pages.size(), MADV_WILLNEED);
}

void MappedFile::bring(std::size_t offset, std::size_t size) const
{
    ask_for(offset, size); // once for all of it, not piece by piece
    if (descriptor_ >= 0)
        read_through(descriptor_, offset, size);
    else
        populate(pages_of(bytes_.subspan(offset, size)));
}

namespace {

std::atomic<std::uint64_t> lost{0};

/// Runs on the faulting thread, in the middle of anything: system calls only.
void put_zeros_under(int, siginfo_t* fault, void*)
{
    auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE)); // page_size() may lock
    auto* const start =
        reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(fault->si_addr) / page * page);
    bool const beyond_a_file = fault->si_code == BUS_ADRERR;
    void* const zeros = beyond_a_file
                            ? ::mmap(start, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
                            : MAP_FAILED;
    ++lost;
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

std::uint64_t pages_lost()
{
    return lost.load(std::memory_order_relaxed);
}

} // namespace ardoise
