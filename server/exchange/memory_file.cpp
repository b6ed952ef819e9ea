// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/memory_file.hpp"

#include <atomic>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ardoise {

namespace {

std::atomic<int> files_left{most_memory_files};

/// A sealed memfd, mapped for reading. Safe to share.
class MemoryFile {
public:
    explicit MemoryFile(ByteView bytes)
    {
        descriptor_ = --files_left < 0 ? -1 : ::memfd_create("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (descriptor_ >= 0 && write(bytes) && seal())
            map(bytes.size());
    }
    ~MemoryFile()
    {
        if (is_whole())
            ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
        if (descriptor_ >= 0)
            ::close(descriptor_);
        ++files_left;
    }
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;

    /// False where the kernel, a limit or the memory stood against it.
    bool is_whole() const { return !bytes_.empty(); }
    ByteView bytes() const { return bytes_; }
    FilePlace place() const { return {descriptor_, 0}; }

private:
    bool write(ByteView rest) const
    {
        while (!rest.empty()) {
            auto const written = ::write(descriptor_, rest.data(), rest.size());
            if (written < 0 && errno != EINTR)
                return false;
            rest = rest.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
        return true;
    }
    bool seal() const
    {
        return ::fcntl(descriptor_, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) ==
               0;
    }
    /// Privately: before Linux 6.7 a shared mapping of what is sealed is refused, even for reading.
    void map(std::size_t size)
    {
        void* const mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor_, 0);
        if (mapping != MAP_FAILED)
            bytes_ = {static_cast<std::byte const*>(mapping), size};
    }

    int descriptor_;
    ByteView bytes_;
};

} // namespace

SharedBytes in_memory_file(SharedBytes bytes)
{
    if (bytes.size() < smallest_sent_from_file)
        return bytes;
    auto const file = std::make_shared<MemoryFile const>(bytes.view);
    return file->is_whole() ? SharedBytes{file->bytes(), file, file->place()} : bytes;
}

} // namespace ardoise
