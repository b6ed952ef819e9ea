// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/freed_memory.hpp"

#include <malloc.h>

namespace ardoise {

void keep_freed_memory(int largest, int kept)
{
    ::mallopt(M_MMAP_THRESHOLD, largest);
    ::mallopt(M_TRIM_THRESHOLD, kept);
}

} // namespace ardoise
