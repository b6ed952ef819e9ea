// SPDX-License-Identifier: Apache-2.0
// `ardoise build`: orthophotos in, pyramids out.
#include "pyramid/build/builder.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/tile_encoder.hpp"

namespace ardoise {

namespace {

namespace po = boost::program_options;
using Values = po::variables_map;

CommandLine command_line()
{
    CommandLine line{
        .usage =
            "ardoise build SOURCE... --into STORE --name NAME --tms ID\n"
            "       ardoise build SOURCE... --into STORE --tms ID --product NAME=BANDS:FORMAT[:QUALITY]...",
        .options = po::options_description{"SOURCE is a file, a folder, a pattern or a VRT. Options"},
        .positional = "source"};
    auto add = line.options.add_options();
    add("source", po::value<std::vector<std::string>>()->value_name("SOURCE"), "orthophotos, in any number");
    add("into", po::value<std::string>()->value_name("STORE"), "folder of the pyramids");
    add("name", po::value<std::string>()->value_name("NAME"), "of the pyramid (one product)");
    add("product", po::value<std::vector<std::string>>()->value_name("SPEC")->composing(),
        "NAME=BANDS:FORMAT[:QUALITY], several times for several pyramids from one read of the sources, as in "
        "ortho=1,2,3:jpg:85 and irc=4,1,2:jpg:85");
    add("tms", po::value<std::string>()->value_name("ID"),
        "tile matrix set: a shipped one, or the path of a JSON file");
    add("bands", po::value<std::string>()->value_name("1,2,3"), "bands of the sources, with --name");
    add("format", po::value<std::string>()->value_name("F"),
        "jpg, png, webp, zip, lzw, pkb or raw, with --name");
    add("quality", po::value<int>()->value_name("85"), "of JPEG and WebP, 1 to 100, with --name");
    add("nodata", po::value<double>()->value_name("V"), "this value is no data, whatever the sources say");
    add("top", po::value<std::string>()->value_name("ID"), "coarsest level (the set's coarsest)");
    add("bottom", po::value<std::string>()->value_name("ID"),
        "finest level (the one nearest to the sources' pixels)");
    add("resampling", po::value<std::string>()->default_value("bilinear")->value_name("R"),
        "near, bilinear, cubic or lanczos, where sources are not on the set's grid");
    add("slab", po::value<std::string>()->default_value("16x16")->value_name("WxH"), "tiles a slab");
    add("jobs", po::value<unsigned>()->default_value(0)->value_name("N"), "threads (one a core)");
    add("source-crs", po::value<std::string>()->value_name("CRS"), "of the sources, whatever they say");
    add("dry-run", "say what would be built, and stop");
    add("json", "progress and result for machines");
    return line;
}

std::string required(Values const& values, char const* option)
{
    if (!values.contains(option))
        throw UsageError{fmt::format("--{} is missing", option)};
    return values[option].as<std::string>();
}

std::string optional_text(Values const& values, char const* option)
{
    return values.contains(option) ? values[option].as<std::string>() : "";
}

std::vector<Product> products(Values const& values)
{
    std::vector<Product> products;
    if (values.contains("product")) {
        for (char const* single : {"name", "bands", "format", "quality"})
            if (values.contains(single))
                throw UsageError{fmt::format("--{} and --product exclude one another", single)};
        for (auto const& text : values["product"].as<std::vector<std::string>>())
            products.push_back(parse_product(text));
        return products;
    }
    Product product;
    product.name = required(values, "name");
    if (values.contains("bands"))
        product.bands = parse_bands(values["bands"].as<std::string>());
    product.format = optional_text(values, "format");
    if (values.contains("quality"))
        product.quality = values["quality"].as<int>();
    if (product.quality < 1 || product.quality > 100)
        throw UsageError{fmt::format("--quality wants a number from 1 to 100, not {}", product.quality)};
    products.push_back(std::move(product));
    return products;
}

BuildOptions build_options(Values const& values)
{
    BuildOptions options;
    if (!values.contains("source"))
        throw UsageError{"no SOURCE is given"};
    options.sources = values["source"].as<std::vector<std::string>>();
    options.store = required(values, "into");
    options.tile_matrix_set = required(values, "tms");
    try {
        options.products = products(values);
    } catch (Failure const& mistake) {
        throw UsageError{mistake.what()};
    }
    options.top = optional_text(values, "top");
    options.bottom = optional_text(values, "bottom");
    auto const resampling = parse_resampling(values["resampling"].as<std::string>());
    if (!resampling)
        throw UsageError{fmt::format("--resampling wants near, bilinear, cubic or lanczos, not \"{}\"",
                                     values["resampling"].as<std::string>())};
    options.resampling = *resampling;
    std::tie(options.slab_width, options.slab_height) =
        parse_pair(values["slab"].as<std::string>(), "slab", 64);
    options.jobs = values["jobs"].as<unsigned>();
    if (options.jobs > 256)
        throw UsageError{"--jobs wants at most 256"};
    options.source.crs = optional_text(values, "source-crs");
    if (values.contains("nodata"))
        options.source.nodata = values["nodata"].as<double>();
    return options;
}

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
        {{"sources", static_cast<std::int64_t>(prepared.source_count)},
         {"mosaics", static_cast<std::int64_t>(prepared.mosaics.size())},
         {"tile_matrix_set", plan.set->id},
         {"levels", std::move(levels)},
         {"slabs", static_cast<std::int64_t>(plan.slab_count() * prepared.options.products.size())},
         {"base_megapixels", base_pixels(plan) / 1e6},
         {"expected_megabytes", expected_bytes(prepared) / 1e6}});
}

void print_plan(PreparedBuild const& prepared)
{
    auto const& plan = prepared.plan;
    auto const& set = *plan.set;
    fmt::print("{} sources on {} grid{}, tile matrix set {} ({})\n", prepared.source_count,
               prepared.mosaics.size(), prepared.mosaics.size() == 1 ? "" : "s", set.id, set.crs.code());
    for (auto const& product : prepared.options.products)
        fmt::print("product {}: {} bands, {}\n", product.name, product.bands.size(),
                   storage_format(product, prepared.type).name);
    fmt::print("levels {} to {}, {} slabs of {}x{} tiles each, {} tiles at level {}\n",
               set.matrices[plan.levels.front().matrix].id, set.matrices[plan.levels.back().matrix].id,
               plan.slab_count(), plan.slab_width, plan.slab_height, plan.base_tiles(),
               set.matrices[plan.levels.back().matrix].id);
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto const values = command_line().parse(arguments);
    if (!values)
        return ExitCode::done;
    bool const json = values->contains("json");
    auto const prepared = prepare_build(
        build_options(*values), TileMatrixSetLibrary{{required(*values, "into") + "/tilematrixsets"}});
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
