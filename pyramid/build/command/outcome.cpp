// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/outcome.hpp"

#include "pyramid/build/lost_detail.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

std::string sharpness_text(BuildFacts const& facts)
{
    if (!facts.sharpness)
        return "not compared with the sources: " + facts.no_sharpness;
    auto const& sharpness = *facts.sharpness;
    auto const at_level =
        fmt::format("at {} a pixel", pixel_text(facts.levels.back().cell_size, facts.pyramid.set->crs));
    if (sharpness.equal_but_for_rounding())
        return fmt::format("{} to the sources {}", likeness_text(sharpness), at_level);
    return fmt::format("PSNR {}, {:.1f} % of the detail that the sources have {}{}", likeness_text(sharpness),
                       100 * sharpness.detail(), at_level,
                       sharpness.detail() > 1 ? " (compression adds steps of its own)" : "");
}

} // namespace

std::string outcome_text(BuildFacts const& facts, std::filesystem::path const& store)
{
    auto const& pyramid = facts.pyramid;
    auto const report = store / revision_folder(pyramid.name, pyramid.revision) / report_name;
    return fmt::format("{}: {:.2f} % of the delivered ground has no data; {}; {}", pyramid.name,
                       100 * facts.holes(), sharpness_text(facts), report.string());
}

std::string written_text(std::vector<BuildFacts> const& products, std::size_t files, std::uint64_t bytes)
{
    std::size_t slabs = 0;
    for (auto const& facts : products)
        slabs += facts.slabs();
    return fmt::format("{} slabs, {} files with masks and lossless twins, {:.1f} MB", slabs, files,
                       static_cast<double>(bytes) / 1e6);
}

} // namespace ardoise
