// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"

#include "pyramid/base/failure.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace ardoise {

namespace {

constexpr char const* part_ending = ".part";

std::string name_of_part(std::filesystem::path const& file)
{
    static std::atomic<unsigned> counter{0};
    return fmt::format(".{}.{}-{}{}", file.filename().string(), ::getpid(), ++counter, part_ending);
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path file, std::filesystem::path const& scratch)
    : file_{std::move(file)}
{
    if (file_.parent_path().empty())
        file_ = "." / file_;
    make_folder(file_.parent_path());
    beside_ = (scratch.empty() ? file_.parent_path() : scratch) / name_of_part(file_);
    descriptor_ = ::open(beside_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ < 0)
        fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
}

AtomicFile::~AtomicFile()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
    if (!beside_.empty())
        ::unlink(beside_.c_str());
}

void AtomicFile::write(ByteView bytes)
{
    while (!bytes.empty()) {
        auto const written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void AtomicFile::write_at(std::uint64_t offset, ByteView bytes)
{
    while (!bytes.empty()) {
        auto const written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
}

void AtomicFile::publish(Flush flush)
{
    if (flush == Flush::now && ::fsync(descriptor_) != 0)
        fail("{}: cannot be flushed to the disk: {}", file_.string(), std::strerror(errno));
    if (flush == Flush::later)
        ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE); // begun early, the flush is short
    // NFS says here, and only here, that the disk is full: so it is closed before it has its name.
    if (::close(std::exchange(descriptor_, -1)) != 0)
        fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
    if (::rename(beside_.c_str(), file_.c_str()) != 0)
        fail("{}: cannot take its name: {}", file_.string(), std::strerror(errno));
    beside_.clear();
    if (flush == Flush::now)
        flush_folder(file_.parent_path());
}

bool is_unpublished_part(std::filesystem::path const& file)
{
    auto const name = file.filename().string();
    return name.starts_with('.') && name.ends_with(part_ending);
}

void write_atomically(std::filesystem::path const& file, std::string_view text,
                      std::filesystem::path const& scratch)
{
    AtomicFile output{file, scratch};
    output.write(as_bytes(text));
    output.publish();
}

void make_folder(std::filesystem::path const& folder)
{
    std::error_code trouble;
    std::filesystem::create_directories(folder, trouble);
    if (trouble)
        fail("{}: the folder cannot be made: {}", folder.string(), trouble.message());
}

void flush_folder(std::filesystem::path const& folder)
{
    int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        fail("{}: cannot be opened: {}", folder.string(), std::strerror(errno));
    int const result = ::fsync(descriptor);
    int const trouble = errno;
    ::close(descriptor);
    // Some file systems have no fsync for folders and say so with EINVAL: nothing more can be done there.
    if (result != 0 && trouble != EINVAL)
        fail("{}: cannot be flushed to the disk: {}", folder.string(), std::strerror(trouble));
}

void flush_file_system(std::filesystem::path const& folder)
{
    int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const result = descriptor < 0 ? -1 : ::syncfs(descriptor);
    int const trouble = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    if (result != 0)
        fail("{}: cannot be flushed to the disk: {}", folder.string(), std::strerror(trouble));
}

std::string read_text(std::filesystem::path const& file, std::size_t limit)
{
    std::error_code trouble;
    auto const size = std::filesystem::file_size(file, trouble);
    if (trouble)
        fail("{}: cannot be read: {}", file.string(), trouble.message());
    if (size > limit)
        fail("{}: is too large ({} bytes, at most {} are expected)", file.string(), size, limit);
    std::ifstream input{file, std::ios::binary};
    std::string text(static_cast<std::size_t>(size), '\0');
    input.read(text.data(), static_cast<std::streamsize>(size));
    if (!input)
        fail("{}: cannot be read to its end", file.string());
    return text;
}

bool is_there(std::filesystem::path const& file)
{
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

bool holds_text(std::filesystem::path const& file, std::string_view text)
{
    std::error_code ignored;
    return std::filesystem::file_size(file, ignored) == text.size() && read_text(file, text.size()) == text;
}

} // namespace ardoise
