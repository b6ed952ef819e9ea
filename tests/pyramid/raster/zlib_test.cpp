// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/zlib.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using namespace std::string_view_literals;

namespace {

/// printf hello | gzip -n
constexpr auto hello = "\x1F\x8B\x08\0\0\0\0\0\0\x03\xCB\x48\xCD\xC9\xC9\x07\0\x86\xA6\x10\x36\x05\0\0\0"sv;

} // namespace

TEST_CASE("gzip of others is read, and ours comes back")
{
    CHECK(as_text(read_gzip(as_bytes(hello), 5).value()) == "hello");
    for (std::size_t const size : {0, 1, 1000, 100'000}) {
        Bytes bytes(size), packed;
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<std::byte>(i * i / 7);
        append_gzip(packed, bytes, 6);
        CHECK(read_gzip(packed, size) == bytes);
    }
}

TEST_CASE("gzip that is cut, changed, or more than is wanted gives nothing")
{
    CHECK_FALSE(read_gzip(as_bytes(hello), 4));
    for (std::size_t size = 0; size < hello.size(); ++size)
        CHECK_FALSE(read_gzip(as_bytes(hello.substr(0, size)), 1 << 20));
    for (std::size_t const at : {0, 1, 2, 10, 12, 17, 21, 24}) {
        std::string changed{hello};
        changed[at] ^= 0x10;
        INFO(at);
        CHECK_FALSE(read_gzip(as_bytes(changed), 1 << 20));
    }
}
