// SPDX-License-Identifier: Apache-2.0
// Any bytes on a connection, cut in two anywhere: the same requests come out as when they arrive at once.
#include "server/http/request_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace ardoise;

class Conversation {
public:
    void arrive(std::string_view bytes)
    {
        while (!bytes.empty() && !refused_) {
            auto const size = std::min(bytes.size(), received_.max_size() - received_.size());
            auto const room = received_.prepare(size);
            bytes.copy(static_cast<char*>(room.data()), size);
            received_.commit(size);
            bytes.remove_prefix(size);
            read();
        }
    }
    std::string const& told() const { return told_; }

private:
    void read()
    {
        using Progress = RequestReader::Progress;
        for (auto progress = reader_.feed(received_); progress != Progress::more;
             progress = reader_.feed(received_)) {
            if (progress == Progress::refused) {
                refused_ = true;
                return;
            }
            if (progress == Progress::whole) {
                told_ += reader_.request().path + '\n' + reader_.request().body + '\n';
                reader_.next();
            }
        }
    }

    HttpOptions options_{.max_header_bytes = 1024, .max_body_bytes = 1024};
    RequestReader reader_{options_};
    beast::flat_buffer received_{options_.max_header_bytes + 4096};
    std::string told_;
    bool refused_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    std::string_view const bytes{reinterpret_cast<char const*>(data + 1), size - 1};
    auto const cut = bytes.size() * data[0] / 256;
    Conversation whole, halves;
    whole.arrive(bytes);
    halves.arrive(bytes.substr(0, cut));
    halves.arrive(bytes.substr(cut));
    if (whole.told() != halves.told())
        std::abort();
    return 0;
}
