// SPDX-License-Identifier: Apache-2.0
// Bytes: owned, looked at, and shared with their owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ardoise {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<std::byte const>;

/// Where in a file, open for reading, bytes lie.
struct FilePlace {
    int descriptor = -1;
    std::uint64_t offset = 0;
};

/// Bytes that travel: a view, and whatever keeps it alive (a mapped slab, a finished map, nothing for
/// constants). Copying copies a few pointers; the bytes never change.
struct SharedBytes {
    ByteView view;
    std::shared_ptr<void const> owner;
    /// The same bytes in a file that the owner keeps open: who sends them from there copies nothing.
    std::optional<FilePlace> place = std::nullopt;

    static SharedBytes owning(Bytes bytes)
    {
        auto const kept = std::make_shared<Bytes const>(std::move(bytes));
        return {*kept, kept, std::nullopt};
    }
    static SharedBytes of(std::shared_ptr<Bytes const> bytes)
    {
        ByteView const all{*bytes};
        return {all, std::move(bytes)};
    }
    std::size_t size() const { return view.size(); }
};

inline ByteView as_bytes(std::string_view text)
{
    return std::as_bytes(std::span{text.data(), text.size()});
}

inline std::string_view as_text(ByteView bytes)
{
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// An unsigned or floating number stored little-endian at `offset`; the caller has checked the bounds.
template <typename Number>
requires std::is_arithmetic_v<Number> Number read_le(ByteView bytes, std::size_t offset)
{
    Number value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template <typename Number>
requires std::is_arithmetic_v<Number>
void write_le(std::span<std::byte> bytes, std::size_t offset, Number value)
{
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

} // namespace ardoise
