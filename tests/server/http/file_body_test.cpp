// SPDX-License-Identifier: Apache-2.0
// Bodies that lie in a file are sent from there: the bytes must be those of the mapping.
#include "pyramid/base/mapped_file.hpp"
#include "tests/server/http/running_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <charconv>
#include <fstream>

using namespace ardoise;

namespace {

constexpr std::size_t file_size = 24 << 20;

/// No two stretches of it are alike.
std::filesystem::path write_noise(test::TemporaryFolder const& folder)
{
    auto const file = folder / "noise";
    std::ofstream out{file, std::ios::binary};
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < file_size / sizeof state; ++i) {
        state = state * 6364136223846793005 + 1442695040888963407;
        out.write(reinterpret_cast<char const*>(&state), sizeof state);
    }
    return file;
}

/// Answers "/OFFSET/SIZE" with that part of the file.
class PartsOf {
public:
    explicit PartsOf(std::filesystem::path const& file)
        : file_{std::make_shared<MappedFile const>(file, MappedFile::Keep::mapping_and_descriptor)}
    {
    }
    Reply operator()(Request const& request) const
    {
        auto const [offset, size] = part(request.path);
        Response response{.status = 200, .media_type = "image/png", .body = {}};
        response.body = {file_->bytes().subspan(offset, size), file_,
                         FilePlace{file_->descriptor().value(), offset}};
        return response;
    }
    std::string text(std::string_view path) const
    {
        auto const [offset, size] = part(path);
        return std::string{as_text(file_->bytes().subspan(offset, size))};
    }

private:
    static std::pair<std::size_t, std::size_t> part(std::string_view path)
    {
        std::size_t offset = 0, size = 0;
        auto const slash = path.rfind('/');
        std::from_chars(path.data() + 1, path.data() + slash, offset);
        std::from_chars(path.data() + slash + 1, path.data() + path.size(), size);
        return {offset, size};
    }

    std::shared_ptr<MappedFile const> file_;
};

} // namespace

TEST_CASE("parts of a file of any size and place arrive whole, one after the other")
{
    test::TemporaryFolder const folder;
    PartsOf const parts{write_noise(folder)};
    RunningServer const server{parts};
    auto client = server.client();
    for (auto const* path : {"/0/1", "/17/32767", "/17/32768", "/4095/32769", "/123457/400000", "/1/20000000",
                             "/4096/65536", "/25165823/1"}) {
        auto const response = client.ask(get(path));
        CHECK(response.status == 200);
        CHECK(response.header("content-length") ==
              std::string_view{path}.substr(std::string_view{path}.rfind('/') + 1));
        CHECK((response.body == parts.text(path))); // without printing megabytes
    }
}

TEST_CASE("a client that asks for many parts before it reads gets each of them, in order")
{
    test::TemporaryFolder const folder;
    PartsOf const parts{write_noise(folder)};
    RunningServer const server{parts};
    auto client = server.client();
    std::vector<std::string> paths;
    for (int i = 0; i < 40; ++i)
        paths.push_back("/" + std::to_string(i * 100'003) + "/" + std::to_string(i % 3 == 0 ? 900 : 900'000));
    for (auto const& path : paths)
        client.send(get(path));
    for (auto const& path : paths)
        CHECK((client.receive().body == parts.text(path)));
}

TEST_CASE("HEAD tells the size of a part and sends nothing of it")
{
    test::TemporaryFolder const folder;
    RunningServer const server{PartsOf{write_noise(folder)}};
    auto client = server.client();
    client.send("HEAD /0/100000 HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(client.receive(true).header("content-length") == "100000");
    CHECK(client.ask(get("/0/10")).body.size() == 10);
}

TEST_CASE("of a file that became shorter a client sees that something is missing, and others are served")
{
    test::TemporaryFolder const folder;
    auto const file = write_noise(folder);
    RunningServer const server{PartsOf{file}};
    std::filesystem::resize_file(file, 1 << 20);
    auto client = server.client();
    client.send(get("/1000000/5000000"));
    CHECK(client.receive_all().size() < 5'000'000);
    CHECK(server.client().ask(get("/0/100000")).body.size() == 100'000);
}
