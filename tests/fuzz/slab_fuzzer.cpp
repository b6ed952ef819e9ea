// SPDX-License-Identifier: Apache-2.0
// Any bytes as a slab file: refused with a Failure, or read without leaving the mapping.
#include "pyramid/base/failure.hpp"
#include "pyramid/store/slab.hpp"

#include <cstdint>
#include <cstdio>

#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size < 2)
        return 0;
    int const file = ::memfd_create("slab", 0);
    if (::write(file, data + 2, size - 2) == static_cast<ssize_t>(size - 2))
        try {
            ardoise::Slab const slab{fmt::format("/proc/self/fd/{}", file), data[0] % 16 + 1,
                                     data[1] % 16 + 1};
            unsigned sum = 0;
            for (int row = 0; row <= data[1] % 16; ++row)
                for (int col = 0; col <= data[0] % 16; ++col) {
                    for (auto const byte : slab.tile({col, row}))
                        sum += static_cast<unsigned>(byte);
                    sum += static_cast<unsigned>(slab.tag({col, row}));
                }
            static_cast<void>(slab.damages().size() + sum);
        } catch (ardoise::Failure const&) {
        }
    ::close(file);
    return 0;
}
