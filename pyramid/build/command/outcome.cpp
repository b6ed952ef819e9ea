// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/outcome.hpp"

#include "pyramid/store/pyramid_writer.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

std::string sharpness_text(BuildFacts const& facts)
{
    if (!facts.sharpness)
        return "not compared with the sources: " + facts.no_sharpness;
    auto const& sharpness = *facts.sharpness;
    if (sharpness.identical())
        return "pixels are the sources' own";
    return fmt::format("PSNR {:.1f} dB, {:.1f} % of the sources' detail", sharpness.psnr,
                       100 * sharpness.detail());
}

} // namespace

std::string outcome_text(BuildFacts const& facts, std::filesystem::path const& store)
{
    auto const& pyramid = facts.pyramid;
    auto const report = store / revision_folder(pyramid.name, pyramid.revision) / report_name;
    return fmt::format("{}: {:.2f} % holes; {}; {}", pyramid.name, 100 * facts.holes(), sharpness_text(facts),
                       report.string());
}

} // namespace ardoise
