// SPDX-License-Identifier: Apache-2.0
// Any text as a descriptor: refused with a Failure, or a pyramid whose slabs can be named.
#include "pyramid/base/failure.hpp"
#include "pyramid/store/pyramid.hpp"

#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static ardoise::TileMatrixSetLibrary const sets;
    int const file = ::memfd_create("descriptor", 0);
    if (::write(file, data, size) == static_cast<ssize_t>(size))
        try {
            auto const pyramid = ardoise::read_pyramid(fmt::format("/proc/self/fd/{}", file), sets);
            for (auto const& level : pyramid.levels)
                static_cast<void>(slab_file(level, level.slabs().first).string().size());
        } catch (ardoise::Failure const&) {
        }
    ::close(file);
    return 0;
}
