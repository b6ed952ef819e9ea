// SPDX-License-Identifier: Apache-2.0
// Any bytes as a PMTiles directory, header and archive: refused with a Failure, or read within the file.
#include "pyramid/archive/pmtiles.hpp"
#include "pyramid/archive/pmtiles_directory.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"

#include <cstdint>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

using namespace ardoise;

namespace {

void read_directory(ByteView bytes)
{
    try {
        auto const entries = pmtiles::decode_directory(bytes);
        if (pmtiles::decode_directory(pmtiles::encode_directory(entries)) != entries)
            std::abort();
    } catch (Failure const&) {
    }
}

/// A run may stand for billions of tiles, so a few of each level are enough.
void read_archive(std::string const& file, TileMatrixSet const& set)
{
    try {
        auto const reader = open_pmtiles(file, set);
        for (auto const& level : reader->levels()) {
            unsigned sum = 0;
            int left = 100;
            reader->visit(level, {}, [&](TileIndex tile, ByteView bytes) {
                if (!set.matrices[level.matrix].range().contains(tile))
                    std::abort();
                sum += static_cast<unsigned>(bytes.front()) + static_cast<unsigned>(bytes.back());
                return --left > 0 ? Visit::go_on : Visit::stop;
            });
            static_cast<void>(sum);
        }
    } catch (Failure const&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const set = TileMatrixSetLibrary{}.get("PM");
    read_directory(std::as_bytes(std::span{data, size}));
    int const file = ::memfd_create("archive", 0);
    if (::write(file, data, size) == static_cast<ssize_t>(size))
        read_archive(fmt::format("/proc/self/fd/{}", file), *set);
    ::close(file);
    return 0;
}
