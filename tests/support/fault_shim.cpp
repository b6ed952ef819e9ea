// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program (LD_PRELOAD), it makes one chosen call on files below a folder go wrong, to show
// what a broken disk, a full one or a kill at that very instant leaves behind. The environment says which:
//
//   ARDOISE_FAULT_BELOW   the folder, absolute; calls on other files are not even counted
//   ARDOISE_FAULT_CALL    open write sync rename mkdir link unlink close read flock (open: for writing; read:
//   open, read, map) ARDOISE_FAULT_AT      which of these calls, from 1 ARDOISE_FAULT_DO      the number of
//   an error that it fails with; or `kill`, or `stop` (SIGSTOP, until SIGCONT) ARDOISE_FAULT_THEN    calls,
//   with commas between them, that fail alike from then on (a disk that stays full) ARDOISE_FAULT_REPORT  a
//   file that gets, when the program ends, a line "call count" for each of them
//
// Calls that the C library makes within itself (opendir, remove_all's own) pass unseen; stat is left alone.
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

enum class Call { open, write, sync, rename, mkdir, link, unlink, close, read, flock, none };
constexpr std::array<std::string_view, 10> names{"open", "write",  "sync",  "rename", "mkdir",
                                                 "link", "unlink", "close", "read",   "flock"};

std::string_view variable(char const* name)
{
    char const* const value = std::getenv(name);
    return value ? value : "";
}

int number_in(std::string_view text)
{
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Call call_named(std::string_view name)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<Call>(i);
    return Call::none;
}

/// What the environment asks for, and what has been counted.
struct Faults {
    std::string_view below = variable("ARDOISE_FAULT_BELOW");
    Call call = call_named(variable("ARDOISE_FAULT_CALL"));
    int at = number_in(variable("ARDOISE_FAULT_AT"));
    std::string_view deed = variable("ARDOISE_FAULT_DO");
    std::array<bool, names.size()> fails_then{};
    std::array<std::atomic<int>, names.size()> counts{};
    std::atomic<bool> has_begun{false};

    Faults()
    {
        auto rest = variable("ARDOISE_FAULT_THEN");
        while (!rest.empty()) {
            auto const name = rest.substr(0, rest.find(','));
            if (auto const found = call_named(name); found != Call::none)
                fails_then[static_cast<std::size_t>(found)] = true;
            rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        }
    }

    bool lies_below(std::string_view path) const
    {
        return !below.empty() && path.starts_with(below) &&
               (path.size() == below.size() || path[below.size()] == '/');
    }
};

Faults& faults()
{
    static Faults the_faults;
    return the_faults;
}

/// Counts the call; true when it has to fail, with errno as it should be.
bool fails(Call call, std::string_view path)
{
    auto& asked = faults();
    if (!asked.lies_below(path))
        return false;
    auto const place = static_cast<std::size_t>(call);
    bool const is_it = ++asked.counts[place] == asked.at && call == asked.call;
    if (is_it && asked.deed == "kill")
        ::raise(SIGKILL);
    if (is_it && asked.deed == "stop")
        ::raise(SIGSTOP);
    int const error = number_in(asked.deed);
    if (error == 0 || !(is_it || (asked.has_begun && asked.fails_then[place])))
        return false;
    asked.has_begun = true;
    errno = error;
    return true;
}

bool fails(Call call, int descriptor)
{
    std::array<char, 4096> path{};
    auto const link = "/proc/self/fd/" + std::to_string(descriptor);
    int const before = errno;
    auto const length = ::readlink(link.c_str(), path.data(), path.size());
    errno = before;
    return length > 0 && fails(call, std::string_view{path.data(), static_cast<std::size_t>(length)});
}

/// What the program would have called but for us.
template <typename Function>
Function* real(char const* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

enum class Opening { for_reading, for_writing };

/// To look for a file that is not there is no reading.
bool open_fails(Opening opening, char const* path)
{
    if (opening == Opening::for_writing)
        return fails(Call::open, path);
    int const before = errno;
    bool const is_there = ::access(path, F_OK) == 0;
    errno = before;
    return is_there && fails(Call::read, path);
}

int open_file(char const* function, char const* path, int flags, mode_t mode)
{
    auto const opening = (flags & O_ACCMODE) == O_RDONLY ? Opening::for_reading : Opening::for_writing;
    return open_fails(opening, path) ? -1 : real<int(char const*, int, ...)>(function)(path, flags, mode);
}

FILE* open_stream(char const* function, char const* path, char const* mode)
{
    bool const writes = std::string_view{mode}.find_first_of("wa+") != std::string_view::npos;
    return open_fails(writes ? Opening::for_writing : Opening::for_reading, path)
               ? nullptr
               : real<FILE*(char const*, char const*)>(function)(path, mode);
}

__attribute__((destructor)) void write_report()
{
    auto const file = variable("ARDOISE_FAULT_REPORT");
    if (file.empty())
        return;
    if (FILE* const report = std::fopen(file.data(), "w")) {
        for (std::size_t i = 0; i < names.size(); ++i)
            std::fprintf(report, "%s %d\n", names[i].data(), faults().counts[i].load());
        std::fclose(report);
    }
}

} // namespace

extern "C" {

int open(char const* path, int flags, ...)
{
    std::va_list rest;
    va_start(rest, flags);
    auto const mode = va_arg(rest, mode_t); // anything, where no file is made
    va_end(rest);
    return open_file("open", path, flags, mode);
}
int open64(char const* path, int flags, ...)
{
    std::va_list rest;
    va_start(rest, flags);
    auto const mode = va_arg(rest, mode_t);
    va_end(rest);
    return open_file("open64", path, flags, mode);
}
FILE* fopen(char const* path, char const* mode)
{
    return open_stream("fopen", path, mode);
}
FILE* fopen64(char const* path, char const* mode)
{
    return open_stream("fopen64", path, mode);
}

ssize_t write(int file, void const* bytes, size_t size)
{
    return fails(Call::write, file) ? -1
                                    : real<ssize_t(int, void const*, size_t)>("write")(file, bytes, size);
}
ssize_t pwrite(int file, void const* bytes, size_t size, off_t at)
{
    return fails(Call::write, file)
               ? -1
               : real<ssize_t(int, void const*, size_t, off_t)>("pwrite")(file, bytes, size, at);
}
ssize_t sendfile(int to, int from, off_t* at, size_t size) noexcept
{
    return fails(Call::write, to) ? -1
                                  : real<ssize_t(int, int, off_t*, size_t)>("sendfile")(to, from, at, size);
}
int ftruncate(int file, off_t size) noexcept
{
    return fails(Call::write, file) ? -1 : real<int(int, off_t)>("ftruncate")(file, size);
}

int fsync(int file)
{
    return fails(Call::sync, file) ? -1 : real<int(int)>("fsync")(file);
}
int syncfs(int file) noexcept
{
    return fails(Call::sync, file) ? -1 : real<int(int)>("syncfs")(file);
}

int flock(int file, int operation) noexcept
{
    return fails(Call::flock, file) ? -1 : real<int(int, int)>("flock")(file, operation);
}

int rename(char const* from, char const* to) noexcept
{
    return fails(Call::rename, to) ? -1 : real<int(char const*, char const*)>("rename")(from, to);
}
int mkdir(char const* path, mode_t mode) noexcept
{
    return fails(Call::mkdir, path) ? -1 : real<int(char const*, mode_t)>("mkdir")(path, mode);
}
int link(char const* from, char const* to) noexcept
{
    return fails(Call::link, to) ? -1 : real<int(char const*, char const*)>("link")(from, to);
}
int unlink(char const* path) noexcept
{
    return fails(Call::unlink, path) ? -1 : real<int(char const*)>("unlink")(path);
}
int remove(char const* path) noexcept
{
    return fails(Call::unlink, path) ? -1 : real<int(char const*)>("remove")(path);
}

/// As Linux does: the descriptor is gone, whatever is said.
int close(int file)
{
    bool const fail = fails(Call::close, file);
    int const error = errno;
    int const result = real<int(int)>("close")(file);
    if (!fail)
        return result;
    errno = error;
    return -1;
}

ssize_t read(int file, void* into, size_t size)
{
    return fails(Call::read, file) ? -1 : real<ssize_t(int, void*, size_t)>("read")(file, into, size);
}
ssize_t pread(int file, void* into, size_t size, off_t at)
{
    return fails(Call::read, file) ? -1
                                   : real<ssize_t(int, void*, size_t, off_t)>("pread")(file, into, size, at);
}
ssize_t pread64(int file, void* into, size_t size, off64_t at)
{
    return fails(Call::read, file)
               ? -1
               : real<ssize_t(int, void*, size_t, off64_t)>("pread64")(file, into, size, at);
}
size_t fread(void* into, size_t size, size_t count, FILE* stream)
{
    return fails(Call::read, ::fileno(stream))
               ? 0
               : real<size_t(void*, size_t, size_t, FILE*)>("fread")(into, size, count, stream);
}
void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset) noexcept
{
    if (file >= 0 && fails(Call::read, file))
        return MAP_FAILED;
    return real<void*(void*, size_t, int, int, int, off_t)>("mmap")(at, size, protection, flags, file,
                                                                    offset);
}

} // extern "C"
