// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/descriptors.hpp"

#include <sys/resource.h>

namespace ardoise {

std::size_t raise_descriptor_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

} // namespace ardoise
