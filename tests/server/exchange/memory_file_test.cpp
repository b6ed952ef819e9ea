// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/memory_file.hpp"
#include "server/exchange/response.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace ardoise;

namespace {

/// No two pages of it are alike.
SharedBytes bytes_of_size(std::size_t size)
{
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(i * 7 + i / 4096);
    return SharedBytes::owning(std::move(bytes));
}

std::string read_from(FilePlace const& place, std::size_t size)
{
    std::string text(size, '\0');
    auto const got = ::pread(place.descriptor, text.data(), size, static_cast<off_t>(place.offset));
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
}

bool is_open(int descriptor)
{
    return ::fcntl(descriptor, F_GETFD) >= 0;
}

} // namespace

TEST_CASE("what is large enough to be sent from a file lies in one, and is the same bytes")
{
    for (auto const size : {smallest_sent_from_file, std::size_t{100'001}, std::size_t{3} << 20}) {
        auto const bytes = bytes_of_size(size), in_file = in_memory_file(bytes);
        REQUIRE(in_file.place);
        CHECK((as_text(in_file.view) == as_text(bytes.view))); // without printing megabytes
        CHECK((read_from(*in_file.place, size + 1) == as_text(bytes.view)));
    }
}

TEST_CASE("what is smaller takes no descriptor")
{
    for (auto const size : {std::size_t{0}, std::size_t{1}, smallest_sent_from_file - 1}) {
        auto const bytes = bytes_of_size(size), same = in_memory_file(bytes);
        CHECK_FALSE(same.place);
        CHECK(same.view.data() == bytes.view.data());
    }
}

TEST_CASE("a file in memory cannot be changed, and is not handed on to other programs")
{
    auto const bytes = in_memory_file(bytes_of_size(100'000));
    int const descriptor = bytes.place.value().descriptor;
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(::pwrite(descriptor, "x", 1, 0) == -1);
    CHECK(::ftruncate(descriptor, 0) == -1);
    CHECK(::ftruncate(descriptor, 200'000) == -1);
}

TEST_CASE("a file in memory is closed with the last who holds it")
{
    auto first = in_memory_file(bytes_of_size(100'000));
    int const descriptor = first.place.value().descriptor;
    auto second = first;
    first = {};
    CHECK(is_open(descriptor));
    second = {};
    CHECK_FALSE(is_open(descriptor));
}

TEST_CASE("beyond so many files documents stay in memory, until one is given back")
{
    std::vector<SharedBytes> held(most_memory_files);
    for (auto& bytes : held) {
        bytes = in_memory_file(bytes_of_size(smallest_sent_from_file));
        REQUIRE(bytes.place);
    }
    auto const bytes = bytes_of_size(100'000);
    CHECK_FALSE(in_memory_file(bytes).place);
    CHECK(in_memory_file(bytes).view.data() == bytes.view.data());
    held.pop_back();
    CHECK(in_memory_file(bytes).place);
}

TEST_CASE("without descriptors documents stay in memory")
{
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
    rlimit const none{0, usual.rlim_max};
    auto const bytes = bytes_of_size(100'000);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    auto const kept = in_memory_file(bytes);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
    CHECK_FALSE(kept.place);
    CHECK(kept.view.data() == bytes.view.data());
    CHECK(in_memory_file(bytes).place);
}

TEST_CASE("both forms of a large document lie in files, and those of a small one do not")
{
    std::string noise;
    for (unsigned i = 0, state = 1; i < 100'000; ++i, state = state * 1'103'515'245 + 12'345)
        noise += static_cast<char>('0' + (state >> 16) % 64);
    auto const large = ready_for_many(text_response(200, "text/plain", noise));
    CHECK(large.body.place);
    CHECK(large.gzipped.place);
    auto const small = ready_for_many(text_response(200, "text/plain", noise.substr(0, 5'000)));
    CHECK_FALSE(small.body.place);
    CHECK_FALSE(small.gzipped.place);
}
