// SPDX-License-Identifier: Apache-2.0
// `ardoise inspect`: what a pyramid, or one slab of it, is.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/store/pyramid.hpp"
#include "pyramid/store/slab.hpp"
#include "pyramid/store/slab_path.hpp"

namespace ardoise {

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

struct LevelFacts {
    std::int64_t slabs = 0;
    std::uint64_t bytes = 0;
};

/// Counts what is there; a level's folder may hold far fewer slabs than its limits.
LevelFacts facts_of(Level const& level)
{
    LevelFacts facts;
    std::error_code trouble;
    for (fs::recursive_directory_iterator it{level.directory, trouble}, end; !trouble && it != end;
         it.increment(trouble))
        if (it->is_regular_file() && it->path().extension() == ".tif") {
            ++facts.slabs;
            facts.bytes += it->file_size();
        }
    return facts;
}

Json box_json(BoundingBox const& box)
{
    return Json::array({box.min_x, box.min_y, box.max_x, box.max_y});
}

Json pyramid_json(Pyramid const& pyramid)
{
    auto levels = Json::array();
    std::uint64_t bytes = 0;
    std::int64_t slabs = 0;
    for (auto const& level : pyramid.levels) {
        auto const facts = facts_of(level);
        bytes += facts.bytes;
        slabs += facts.slabs;
        levels.add(Json::object({{"id", level.id},
                                 {"cell_size", pyramid.matrix(level).cell_size},
                                 {"tiles", level.limits.cols() * level.limits.rows()},
                                 {"slabs", facts.slabs},
                                 {"bytes", static_cast<std::int64_t>(facts.bytes)},
                                 {"masks", level.mask_directory.has_value()}}));
    }
    return Json::object({{"name", pyramid.name},
                         {"format", pyramid.format.name},
                         {"channels", pyramid.channels},
                         {"tile_matrix_set", pyramid.set->id},
                         {"crs", pyramid.set->crs.code()},
                         {"extent", box_json(pyramid.extent())},
                         {"revision", pyramid.revision},
                         {"created", pyramid.created},
                         {"slabs", slabs},
                         {"bytes", static_cast<std::int64_t>(bytes)},
                         {"levels", std::move(levels)}});
}

void print_pyramid(Pyramid const& pyramid)
{
    auto const box = pyramid.extent();
    fmt::print("{}: {}, {} channel{}, {} ({}), revision {}{}\n", pyramid.name, pyramid.format.name,
               pyramid.channels, pyramid.channels == 1 ? "" : "s", pyramid.set->id, pyramid.set->crs.code(),
               pyramid.revision, pyramid.created.empty() ? "" : ", created " + pyramid.created);
    fmt::print("extent {} {} {} {}\n", box.min_x, box.min_y, box.max_x, box.max_y);
    fmt::print("{:>6} {:>14} {:>12} {:>8} {:>12}  masks\n", "level", "cell size", "tiles", "slabs", "MB");
    for (auto const& level : pyramid.levels) {
        auto const facts = facts_of(level);
        fmt::print("{:>6} {:>14.6g} {:>12} {:>8} {:>12.2f}  {}\n", level.id, pyramid.matrix(level).cell_size,
                   level.limits.cols() * level.limits.rows(), facts.slabs,
                   static_cast<double>(facts.bytes) / 1e6, level.mask_directory ? "yes" : "no");
    }
}

/// The level whose folder `file` lies in.
Level const& level_of(Pyramid const& pyramid, fs::path const& file)
{
    for (auto const& level : pyramid.levels)
        for (auto const& folder : {std::optional{level.directory}, level.mask_directory})
            if (folder && fs::absolute(file).lexically_normal().string().starts_with(
                              folder->lexically_normal().string() + "/"))
                return level;
    fail("{}: is no slab of {}", file.string(), pyramid.name);
}

void print_slab(Pyramid const& pyramid, fs::path const& file)
{
    auto const& level = level_of(pyramid, file);
    Slab const slab{file, level.tiles_per_width, level.tiles_per_height};
    auto const relative =
        fs::absolute(file).lexically_normal().lexically_relative(level.directory.lexically_normal());
    if (auto const place = parse_slab_path(relative))
        fmt::print("{}: level {}, slab column {}, row {}\n", file.string(), level.id, place->col, place->row);
    int held = 0;
    std::uint64_t bytes = 0;
    for (std::int64_t row = 0; row < level.tiles_per_height; ++row)
        for (std::int64_t col = 0; col < level.tiles_per_width; ++col)
            if (auto const tile = slab.tile({col, row}); !tile.empty()) {
                ++held;
                bytes += tile.size();
            }
    fmt::print("{} of {} tiles hold data, {} bytes each on average; file of {} bytes, {}\n", held,
               level.tiles_per_width * level.tiles_per_height,
               held == 0 ? 0 : bytes / static_cast<unsigned>(held), slab.bytes(),
               slab.has_checksums() ? "with checksums" : "without checksums");
    for (auto const& damage : slab.damages())
        fmt::print("damaged: {}\n", damage);
}

ExitCode run(std::vector<std::string> const& arguments)
{
    auto line = pyramid_command_line("ardoise inspect STORE/NAME.json [--slab PATH]");
    line.options.add_options()("slab", po::value<std::string>()->value_name("PATH"), "one slab file of it");
    auto const values = line.parse(arguments);
    if (!values)
        return ExitCode::done;
    auto const pyramid = read_pyramid(descriptor_in(*values), library_for(*values));
    if (values->contains("slab"))
        print_slab(pyramid, (*values)["slab"].as<std::string>());
    else if (values->contains("json"))
        fmt::print("{}\n", pyramid_json(pyramid).text());
    else
        print_pyramid(pyramid);
    return ExitCode::done;
}

} // namespace

Command const inspect_command{"inspect", "what a pyramid is: levels, extent, counts, bytes", run};

} // namespace ardoise
