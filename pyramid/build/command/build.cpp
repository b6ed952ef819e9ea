// SPDX-License-Identifier: Apache-2.0
// `ardoise build`: orthophotos in, pyramids out.
#include "pyramid/build/builder.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/build_options.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/tile_encoder.hpp"

namespace ardoise {

namespace {

/// What tiles of a format weigh, roughly: figures of real orthophotos, to foretell the size of a build.
double bytes_per_pixel(TileFormat const& format, std::size_t channels)
{
    auto const raw = static_cast<double>(channels * bytes_per_sample(format.type));
    switch (format.compression) {
    case TileCompression::jpeg:
        return 0.21;
    case TileCompression::webp:
        return 0.15;
    case TileCompression::png:
    case TileCompression::zip:
    case TileCompression::lzw:
        return 0.7 * raw;
    default:
        return raw;
    }
}

double base_pixels(BuildPlan const& plan)
{
    auto const& base = plan.set->matrices[plan.levels.back().matrix];
    return static_cast<double>(plan.base_tiles()) * base.tile_width * base.tile_height;
}

double expected_bytes(PreparedBuild const& prepared)
{
    double bytes = 0;
    for (auto const& product : prepared.options.products)
        bytes += base_pixels(prepared.plan) * 4 / 3 *
                 bytes_per_pixel(storage_format(product, prepared.type), product.bands.size());
    return bytes;
}

Json plan_json(PreparedBuild const& prepared)
{
    auto const& plan = prepared.plan;
    auto levels = Json::array();
    for (auto const& level : plan.levels)
        levels.add(Json::object({{"id", plan.set->matrices[level.matrix].id},
                                 {"tiles", level.limits.cols() * level.limits.rows()}}));
    return Json::object(
        {{"sources", static_cast<std::int64_t>(prepared.sources.size())},
         {"mosaics", static_cast<std::int64_t>(prepared.mosaics.size())},
         {"tile_matrix_set", plan.set->id},
         {"levels", std::move(levels)},
         {"slabs", static_cast<std::int64_t>(plan.slab_count() * prepared.options.products.size())},
         {"base_megapixels", base_pixels(plan) / 1e6},
         {"expected_megabytes", expected_bytes(prepared) / 1e6}});
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = build_command_line("build");
    line.options.add_options()("dry-run", "say what would be built, and stop");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json");
    auto const prepared = prepare_build(build_options(*values), library_of_store(*values));
    if (!json)
        print_plan(prepared);
    if (values->contains("dry-run")) {
        if (json)
            fmt::print("{}\n", plan_json(prepared).text());
        else
            fmt::print("about {:.0f} MB would be written\n", expected_bytes(prepared) / 1e6);
        return ExitCode::done;
    }
    auto const start = std::chrono::steady_clock::now();
    Progress progress{"patches", json ? ProgressStyle::json : usual_progress_style()};
    auto const report =
        build(prepared, [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    double const megapixels = static_cast<double>(report.base_pixels) / 1e6;
    if (json)
        fmt::print("{}\n", Json::object({{"slabs", static_cast<std::int64_t>(report.slabs)},
                                         {"bytes", static_cast<std::int64_t>(report.bytes)},
                                         {"base_megapixels", megapixels},
                                         {"seconds", seconds}})
                               .text());
    else
        fmt::print("{} slab files, {:.1f} MB, {:.0f} Mpx of base level in {:.1f} s ({:.1f} Mpx/s)\n",
                   report.slabs, static_cast<double>(report.bytes) / 1e6, megapixels, seconds,
                   megapixels / std::max(seconds, 1e-3));
    return ExitCode::done;
}

} // namespace

Command const build_command{"build", "orthophotos in, pyramids out", run};

} // namespace ardoise
