// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/report.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/report/preview.hpp"
#include "pyramid/build/report/report_page.hpp"

namespace ardoise {

namespace {

/// The pyramid as if its hidden folder were the one that it will have.
StandingPyramid where_it_lies(ProductBuilder const& product)
{
    auto pyramid = product.pyramid();
    pyramid.folder = product.folder();
    return {std::move(pyramid), product.files()};
}

void write_preview(std::filesystem::path const& path, Preview const& preview)
{
    AtomicFile file{path};
    file.write(png::encode(preview.pixels.view()));
    file.publish(Flush::later);
}

} // namespace

BuildFacts write_report(ProductBuilder const& product, PreparedBuild const& prepared,
                        std::optional<BakeEffort> effort)
{
    auto const stored = where_it_lies(product);
    auto facts = gather_facts(stored, product.files(), prepared, product.product(), effort);
    auto const preview = compose_preview(stored);
    if (preview)
        write_preview(product.folder() / preview_name, *preview);
    write_atomically(product.folder() / report_name, report_page(facts, prepared, preview));
    return facts;
}

} // namespace ardoise
