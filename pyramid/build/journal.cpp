// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/journal.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/file_lock.hpp"
#include "pyramid/base/mapped_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace ardoise {

namespace {

/// A record in the file: its length, its hash, and as many bytes.
constexpr std::size_t frame_bytes = 16;

class RecordWriter {
public:
    template <typename Number>
    void number(Number value)
    {
        auto const at = bytes_.size();
        bytes_.resize(at + sizeof value);
        write_le(bytes_, at, value);
    }
    void block(ByteView block)
    {
        number<std::uint64_t>(block.size());
        bytes_.insert(bytes_.end(), block.begin(), block.end());
    }
    Bytes finish()
    {
        write_le(bytes_, 0, std::uint64_t{bytes_.size() - frame_bytes});
        write_le(bytes_, 8, hash_of(ByteView{bytes_}.subspan(frame_bytes)));
        return std::move(bytes_);
    }

private:
    Bytes bytes_ = Bytes(frame_bytes);
};

/// Trusts its bytes: their hash was right.
class RecordReader {
public:
    explicit RecordReader(ByteView bytes) : rest_{bytes} {}

    bool at_end() const { return rest_.empty(); }
    template <typename Number>
    Number number()
    {
        auto const value = read_le<Number>(rest_, 0);
        rest_ = rest_.subspan(sizeof value);
        return value;
    }
    ByteView block()
    {
        auto const size = number<std::uint64_t>();
        auto const found = rest_.first(size);
        rest_ = rest_.subspan(size);
        return found;
    }

private:
    ByteView rest_;
};

Bytes owned(ByteView bytes)
{
    return {bytes.begin(), bytes.end()};
}

Bytes to_bytes(PatchRecord const& record)
{
    RecordWriter out;
    out.number(record.patch.place.col);
    out.number(record.patch.place.row);
    out.number<std::uint64_t>(record.slabs.size());
    for (auto const& slab : record.slabs) {
        out.block(as_bytes(slab.slab));
        out.number(slab.hash);
        out.number(slab.bytes);
    }
    out.number<std::uint64_t>(record.tiles.size());
    for (auto const& tile : record.tiles) {
        out.number<std::uint64_t>(tile.level);
        out.number(tile.tile.col);
        out.number(tile.tile.row);
        out.block(tile.data);
        out.block(tile.mask);
        out.block(tile.exact);
    }
    if (record.patch.quadtree > 0) // most plans have one only
        out.number<std::uint64_t>(record.patch.quadtree);
    return out.finish();
}

PatchRecord to_record(ByteView bytes)
{
    RecordReader in{bytes};
    PatchRecord record;
    record.patch.place.col = in.number<std::int64_t>();
    record.patch.place.row = in.number<std::int64_t>();
    record.slabs.resize(in.number<std::uint64_t>());
    for (auto& slab : record.slabs) {
        slab.slab = as_text(in.block());
        slab.hash = in.number<std::uint64_t>();
        slab.bytes = in.number<std::uint64_t>();
    }
    record.tiles.resize(in.number<std::uint64_t>());
    for (auto& tile : record.tiles) {
        tile.level = in.number<std::uint64_t>();
        tile.tile.col = in.number<std::int64_t>();
        tile.tile.row = in.number<std::int64_t>();
        tile.data = owned(in.block());
        tile.mask = owned(in.block());
        tile.exact = owned(in.block());
    }
    if (!in.at_end())
        record.patch.quadtree = in.number<std::uint64_t>();
    return record;
}

} // namespace

Journal::Journal(std::filesystem::path file) : file_{std::move(file)}
{
    descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0)
        fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
    try {
        if (!lock_file(descriptor_, file_, Sharing::alone))
            fail("{}: another process is writing it; wait until it ends", file_.string());
        auto const whole = read_journal(file_, [](PatchRecord const&) {});
        if (::ftruncate(descriptor_, static_cast<off_t>(whole)) != 0)
            fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

Journal::~Journal()
{
    ::close(descriptor_);
}

void Journal::append(PatchRecord const& record)
{
    auto const bytes = to_bytes(record);
    std::scoped_lock const lock{mutex_};
    for (ByteView rest = bytes; !rest.empty();) {
        auto const written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("{}: cannot be written: {}", file_.string(), std::strerror(errno));
        rest = rest.subspan(static_cast<std::size_t>(written));
    }
}

std::uint64_t read_journal(std::filesystem::path const& file,
                           std::function<void(PatchRecord record)> const& visit)
{
    std::error_code ignored;
    auto const size_of_file = std::filesystem::file_size(file, ignored);
    if (ignored || size_of_file == 0)
        return 0;
    MappedFile const mapped{file};
    auto const bytes = mapped.bytes();
    std::size_t at = 0;
    while (bytes.size() - at >= frame_bytes) {
        auto const size = read_le<std::uint64_t>(bytes, at);
        if (size > bytes.size() - at - frame_bytes)
            break;
        auto const content = bytes.subspan(at + frame_bytes, size);
        if (hash_of(content) != read_le<std::uint64_t>(bytes, at + 8))
            break;
        visit(to_record(content));
        at += frame_bytes + size;
    }
    return at;
}

} // namespace ardoise
