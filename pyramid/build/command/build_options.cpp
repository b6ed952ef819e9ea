// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/build_options.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/build/lost_detail.hpp"
#include "pyramid/build/tile_encoder.hpp"

#include <cmath>

namespace ardoise {

namespace po = boost::program_options;
using Values = po::variables_map;

namespace {

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

double nodata_edge_near(Values const& values)
{
    if (!values.contains("nodata-edge"))
        throw UsageError{"--nodata-edge-near is of use with --nodata-edge only"};
    auto const near = values["nodata-edge-near"].as<double>();
    if (!(near >= 0 && std::isfinite(near)))
        throw UsageError{fmt::format("--nodata-edge-near wants 0 or more, not {}", near)};
    return near;
}

std::string cost_of_quadtrees(BuildPlan const& plan)
{
    std::string bases;
    for (auto const& quadtree : plan.quadtrees)
        bases +=
            fmt::format("{}{} ({:.4g} Mpx)", bases.empty() ? "" : ", ", plan.matrix(quadtree.base_level).id,
                        static_cast<double>(plan.base_pixels(quadtree)) / 1e6);
    return fmt::format(
        "the set does not halve from each level to the next: sources are read {} times, once for "
        "each of the levels {}; a finer --top leaves out the first of them",
        plan.quadtrees.size(), bases);
}

} // namespace

CommandLine build_command_line(std::string const& command, std::string const& more)
{
    CommandLine line{
        .usage = fmt::format(
            "ardoise {0} SOURCE... --into STORE --name NAME --tms ID{1}\n"
            "       ardoise {0} SOURCE... --into STORE --tms ID --product NAME=BANDS:FORMAT[:QUALITY]...{1}",
            command, more),
        .options =
            po::options_description{
                "SOURCE is a local file, a folder with all folders below it, a pattern or a VRT. Where "
                "sources of one grid overlap, "
                "the one whose path comes later in the alphabet lies on top; of different grids the one with "
                "the finer pixels. A source with a palette gives its colours, or its indices with "
                "--resampling mode (or near) --bands 1. Options"},
        .positional = "source"};
    auto add = line.options.add_options();
    add("source", po::value<std::vector<std::string>>()->value_name("SOURCE"), "orthophotos, in any number");
    add("into", po::value<std::string>()->value_name("STORE"), "folder of the pyramids");
    add("name", po::value<std::string>()->value_name("NAME"), "of the pyramid (one product)");
    add("product", po::value<std::vector<std::string>>()->value_name("SPEC")->composing(),
        "NAME=BANDS:FORMAT[:QUALITY], several times for several pyramids from one read of the sources, as in "
        "ortho=1,2,3:jpg:85 and irc=4,1,2:jpg:85");
    add("tms", po::value<std::string>()->value_name("ID"),
        fmt::format("tile matrix set: {}, one of STORE/tilematrixsets, or the path of a JSON file",
                    fmt::join(TileMatrixSetLibrary::shipped(), ", "))
            .c_str());
    add("bands", po::value<std::string>()->value_name("LIST"),
        "bands of the sources, with --name (1,2,3 where there are three or more, else 1)");
    add("format", po::value<std::string>()->value_name("F"),
        "jpg, png, webp, zip, lzw, pkb or raw, with --name (jpg for three bands of 8 bits, else zip)");
    add("quality", po::value<int>()->value_name("Q"), "of JPEG and WebP, 1 to 100, with --name (85)");
    add("nodata", po::value<double>()->value_name("V"),
        "this value is no data, whatever the sources say (what they say)");
    add("nodata-edge", po::value<double>()->value_name("V"),
        "this value is no data where it reaches the border of an image, and data inside (black edges)");
    add("nodata-edge-near", po::value<double>()->value_name("D"),
        "with --nodata-edge: so is what differs from it by no more than this in each band (0); 15 takes the "
        "fringe that JPEG leaves around black edges");
    add("top", po::value<std::string>()->value_name("ID"), "coarsest level (the set's coarsest)");
    add("bottom", po::value<std::string>()->value_name("ID"),
        "finest level (the one nearest to the finest source's pixels, finer or coarser)");
    add("resampling", po::value<std::string>()->default_value("bilinear")->value_name("R"),
        "near, bilinear, cubic or lanczos, where sources are not on the set's grid; mode for classes, as of "
        "land cover: near, and each coarser level has the most frequent of four pixels");
    add("slab", po::value<std::string>()->default_value("16x16")->value_name("WxH"), "tiles a slab");
    add("rok4-strict", "store tiles that hold nothing as well, for ROK4's own tools (cache2work)");
    add_memory_option(line);
    add_jobs_option(line, "threads");
    add("source-crs", po::value<std::string>()->value_name("CRS"),
        "of the sources, whatever they say (what they say)");
    add("variable", po::value<std::string>()->value_name("V"),
        "of netCDF files that hold several (the one that they hold)");
    add("allow-vrt",
        "VRTs may name files outside of their folders, compute pixels, and all else that VRTs can");
    add("json", "progress and result for machines");
    return line;
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
        throw UsageError{fmt::format("--resampling wants near, bilinear, cubic, lanczos or mode, not \"{}\"",
                                     values["resampling"].as<std::string>())};
    options.resampling = *resampling;
    std::tie(options.slab_width, options.slab_height) =
        parse_pair(values["slab"].as<std::string>(), "slab", 64);
    options.jobs = values["jobs"].as<unsigned>();
    if (options.jobs > 256)
        throw UsageError{"--jobs wants at most 256"};
    options.rok4_strict = values.contains("rok4-strict");
    options.memory = memory_in(values);
    options.source.crs = optional_text(values, "source-crs");
    options.source.variable = optional_text(values, "variable");
    if (values.contains("nodata"))
        options.source.nodata = values["nodata"].as<double>();
    if (values.contains("nodata-edge"))
        options.source.nodata_edge = values["nodata-edge"].as<double>();
    if (values.contains("nodata-edge-near"))
        options.source.nodata_edge_near = nodata_edge_near(values);
    options.source.allow_vrt = values.contains("allow-vrt");
    return options;
}

TileMatrixSetLibrary library_of_store(Values const& values)
{
    return TileMatrixSetLibrary{{required(values, "into") + "/tilematrixsets"}};
}

std::vector<std::string> plan_lines(PreparedBuild const& prepared)
{
    auto const& plan = prepared.plan;
    auto const& set = *plan.set;
    std::vector<std::string> lines;
    lines.push_back(fmt::format("{} sources on {} grid{}, tile matrix set {} ({})", prepared.sources.size(),
                                prepared.mosaics.size(), prepared.mosaics.size() == 1 ? "" : "s", set.id,
                                set.crs.code()));
    for (auto const& product : prepared.options.products)
        lines.push_back(fmt::format("product {}: {} bands, {}", product.name, product.bands.size(),
                                    storage_format(product, prepared.type).name));
    auto const& base = plan.matrix(plan.finest().base_level);
    lines.push_back(
        fmt::format("levels {} to {}; for each product at most {} slabs of {}x{} tiles, and {} tiles "
                    "at level {}; masks and lossless twins lie in files beside",
                    plan.matrix(0).id, base.id, plan.slab_count(), plan.slab_width, plan.slab_height,
                    plan.base_tiles(plan.finest()), base.id));
    if (auto lost = lost_detail_text(plan); !lost.empty())
        lines.push_back(std::move(lost));
    if (plan.quadtrees.size() > 1)
        lines.push_back(cost_of_quadtrees(plan));
    return lines;
}

} // namespace ardoise
