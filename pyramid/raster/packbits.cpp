// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/packbits.hpp"

#include <algorithm>

namespace ardoise {

namespace {

constexpr std::size_t longest_run = 128;
/// A run of two saves nothing inside literals; from three on it does.
constexpr std::size_t shortest_run = 3;

std::size_t run_length(ByteView bytes)
{
    auto const limit = bytes.first(std::min(bytes.size(), longest_run));
    auto const end = std::find_if(limit.begin(), limit.end(), [&](std::byte b) { return b != bytes[0]; });
    return static_cast<std::size_t>(end - limit.begin());
}

/// How many bytes to copy as they are before the next run.
std::size_t literal_length(ByteView bytes)
{
    std::size_t length = 1;
    while (length < bytes.size() && length < longest_run && run_length(bytes.subspan(length)) < shortest_run)
        ++length;
    return length;
}

} // namespace

void append_packbits(Bytes& out, ByteView row)
{
    while (!row.empty()) {
        std::size_t length = run_length(row);
        if (length >= shortest_run) {
            out.push_back(static_cast<std::byte>(257 - length));
            out.push_back(row[0]);
        } else {
            length = literal_length(row);
            out.push_back(static_cast<std::byte>(length - 1));
            out.insert(out.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(length));
        }
        row = row.subspan(length);
    }
}

bool read_packbits(ByteView packed, std::span<std::byte> out)
{
    while (!out.empty()) {
        if (packed.size() < 2)
            return false;
        auto const code = std::to_integer<std::size_t>(packed[0]);
        packed = packed.subspan(1);
        if (code == 128) // says nothing, by the specification
            continue;
        bool const literal = code < 128;
        std::size_t const length = literal ? code + 1 : 257 - code;
        if (length > out.size() || (literal && length > packed.size()))
            return false;
        if (literal)
            std::copy_n(packed.begin(), length, out.begin());
        else
            std::fill_n(out.begin(), length, packed[0]);
        packed = packed.subspan(literal ? length : 1);
        out = out.subspan(length);
    }
    return true;
}

} // namespace ardoise
