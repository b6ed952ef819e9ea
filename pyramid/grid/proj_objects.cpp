// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/proj_objects.hpp"

#include "pyramid/base/failure.hpp"

namespace ardoise {

namespace {

struct ContextDeleter {
    void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};

} // namespace

PJ_CONTEXT* proj_context()
{
    using Context = std::unique_ptr<PJ_CONTEXT, ContextDeleter>;
    thread_local Context const own = [] {
        Context made{proj_context_create()};
        proj_log_level(made.get(), PJ_LOG_NONE);
        proj_context_set_enable_network(made.get(), 0);
        return made;
    }();
    return own.get();
}

Pj create_crs(std::string const& definition)
{
    Pj made{proj_create(proj_context(), definition.c_str())};
    if (!made || !proj_is_crs(made.get()))
        fail("the coordinate reference system \"{}\" is not known to PROJ; use a code such as EPSG:2154",
             definition.substr(0, 80));
    // The horizontal part of a compound CRS is what maps are drawn in.
    if (proj_get_type(made.get()) == PJ_TYPE_COMPOUND_CRS)
        made.reset(proj_crs_get_sub_crs(proj_context(), made.get(), 0));
    if (proj_get_type(made.get()) == PJ_TYPE_BOUND_CRS)
        made.reset(proj_get_source_crs(proj_context(), made.get()));
    return made;
}

} // namespace ardoise
