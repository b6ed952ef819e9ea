// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/lzw.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ardoise {

namespace {

constexpr std::uint32_t clear_code = 256, end_code = 257, first_free_code = 258;
constexpr std::uint32_t code_limit = 4096;
/// A writer starts anew here: the last code of 12 bits is never given out.
constexpr std::uint32_t full_table = code_limit - 2;

/// The width of a code when the table holds `next` entries: one code before it would be needed.
constexpr std::uint32_t code_width(std::uint32_t next)
{
    return next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12;
}

class CodeReader {
public:
    explicit CodeReader(ByteView bytes) : rest_{bytes} {}

    std::optional<std::uint32_t> next(std::uint32_t width)
    {
        while (count_ < width) {
            if (rest_.empty())
                return std::nullopt;
            bits_ = bits_ << 8 | std::to_integer<std::uint32_t>(rest_[0]);
            rest_ = rest_.subspan(1);
            count_ += 8;
        }
        count_ -= width;
        return bits_ >> count_ & ((1U << width) - 1);
    }

private:
    ByteView rest_;
    std::uint32_t bits_ = 0, count_ = 0;
};

class CodeWriter {
public:
    void put(std::uint32_t code, std::uint32_t width)
    {
        bits_ = bits_ << width | code;
        count_ += width;
        for (; count_ >= 8; count_ -= 8)
            out_.push_back(static_cast<std::byte>(bits_ >> (count_ - 8)));
    }
    Bytes finish()
    {
        if (count_ > 0)
            put(0, 8 - count_);
        return std::move(out_);
    }

private:
    Bytes out_;
    std::uint32_t bits_ = 0, count_ = 0;
};

/// What was written so far: a string of bytes (by the code of all but its last) to its code.
class StringTable {
public:
    StringTable() { clear(); }

    void clear()
    {
        slots_.fill({});
        next_ = first_free_code;
    }
    std::uint32_t next() const { return next_; }

    /// The code of `prefix` followed by `last`, or nothing after having added it.
    std::optional<std::uint32_t> find_or_add(std::uint32_t prefix, std::uint32_t last)
    {
        std::uint32_t const key = (prefix << 8 | last) + 1;
        std::size_t at = key * 0x9E3779B1U >> 19;
        for (; slots_[at].key != 0; at = (at + 1) % slots_.size())
            if (slots_[at].key == key)
                return slots_[at].code;
        slots_[at] = {key, next_++};
        return std::nullopt;
    }

private:
    struct Slot {
        std::uint32_t key = 0, code = 0;
    };
    std::array<Slot, 8192> slots_;
    std::uint32_t next_ = first_free_code;
};

} // namespace

Bytes write_lzw(ByteView bytes)
{
    CodeWriter writer;
    StringTable table;
    writer.put(clear_code, 9);
    if (bytes.empty()) {
        writer.put(end_code, 9);
        return writer.finish();
    }
    auto prefix = std::to_integer<std::uint32_t>(bytes[0]);
    for (std::byte const byte : bytes.subspan(1)) {
        auto const last = std::to_integer<std::uint32_t>(byte);
        auto const width = code_width(table.next() - 1);
        if (auto const known = table.find_or_add(prefix, last)) {
            prefix = *known;
            continue;
        }
        writer.put(prefix, width);
        prefix = last;
        if (table.next() == full_table) {
            writer.put(clear_code, code_width(table.next() - 1));
            table.clear();
        }
    }
    writer.put(prefix, code_width(table.next() - 1));
    writer.put(end_code, code_width(table.next()));
    return writer.finish();
}

bool read_lzw(ByteView stream, std::span<std::byte> out)
{
    // Each entry is a piece of what is already written: a new one is the string before, longer by one byte.
    struct Piece {
        std::size_t start = 0, length = 0;
    };
    std::array<Piece, code_limit> pieces;
    std::uint32_t next = first_free_code;
    CodeReader reader{stream};
    Piece before;
    std::size_t written = 0;

    while (written < out.size()) {
        auto const code = reader.next(code_width(next));
        if (!code || *code == end_code)
            return false;
        if (*code == clear_code) {
            next = first_free_code;
            before = {};
            continue;
        }
        if (before.length > 0 && next < code_limit)
            pieces[next++] = {before.start, before.length + 1};
        if (*code >= next || (before.length == 0 && *code > end_code))
            return false;

        Piece const now{written, *code < clear_code ? 1 : pieces[*code].length};
        if (now.length > out.size() - written)
            return false;
        if (*code < clear_code)
            out[written] = static_cast<std::byte>(*code);
        else
            for (std::size_t i = 0; i < now.length; ++i) // may overlap: byte by byte, in order
                out[written + i] = out[pieces[*code].start + i];
        written += now.length;
        before = now;
    }
    return true;
}

} // namespace ardoise
