// SPDX-License-Identifier: Apache-2.0
// PROJ's objects, for the sources of this room alone.
#pragma once

#include <proj.h>

#include <memory>
#include <string>

namespace ardoise {

struct PjDeleter {
    void operator()(PJ* pj) const { proj_destroy(pj); }
};
using Pj = std::unique_ptr<PJ, PjDeleter>;

/// PROJ's context of this thread: objects of one context stay on their thread.
PJ_CONTEXT* proj_context();

/// The horizontal part of what PROJ understands. Throws Failure when it is no coordinate reference system.
Pj create_crs(std::string const& definition);

} // namespace ardoise
