// SPDX-License-Identifier: Apache-2.0
// `ardoise inspect`: what a pyramid, or one slab of it, is.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/build/command/command.hpp"
#include "pyramid/build/command/command_line.hpp"
#include "pyramid/store/revisions.hpp"
#include "pyramid/store/slab.hpp"
#include "pyramid/store/slab_path.hpp"

namespace ardoise {

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

struct SlabFiles {
    std::int64_t count = 0;
    std::uint64_t bytes = 0;
};

/// Counts what is there; a level's folder may hold far fewer slabs than its limits.
SlabFiles files_below(fs::path const& folder)
{
    SlabFiles files;
    std::error_code trouble;
    for (fs::recursive_directory_iterator it{folder, trouble}, end; !trouble && it != end;
         it.increment(trouble))
        if (it->is_regular_file() && it->path().extension() == ".tif") {
            ++files.count;
            files.bytes += it->file_size();
        }
    return files;
}

/// Slabs, and the masks and lossless twins beside them.
SlabFiles all_files(Pyramid const& pyramid)
{
    auto all = files_below(pyramid.folder / slab_kind::exact);
    for (auto const& level : pyramid.levels)
        for (auto const& folder : {std::optional{level.directory}, level.mask_directory}) {
            auto const [count, bytes] = folder ? files_below(*folder) : SlabFiles{};
            all.count += count;
            all.bytes += bytes;
        }
    return all;
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
        auto const [count, level_bytes] = files_below(level.directory);
        bytes += level_bytes;
        slabs += count;
        levels.add(Json::object({{"id", level.id},
                                 {"cell_size", pyramid.matrix(level).cell_size},
                                 {"tiles", level.limits.cols() * level.limits.rows()},
                                 {"slabs", count},
                                 {"bytes", static_cast<std::int64_t>(level_bytes)},
                                 {"masks", level.mask_directory.has_value()}}));
    }
    auto const files = all_files(pyramid);
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
                         {"files", files.count},
                         {"file_bytes", static_cast<std::int64_t>(files.bytes)},
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
    std::int64_t slabs = 0;
    for (auto const& level : pyramid.levels) {
        auto const [count, bytes] = files_below(level.directory);
        slabs += count;
        fmt::print("{:>6} {:>14.6g} {:>12} {:>8} {:>12.2f}  {}\n", level.id, pyramid.matrix(level).cell_size,
                   level.limits.cols() * level.limits.rows(), count, static_cast<double>(bytes) / 1e6,
                   level.mask_directory ? "yes" : "no");
    }
    auto const [files, bytes] = all_files(pyramid);
    fmt::print("{} slabs, {} files with masks and lossless twins, {:.2f} MB\n", slabs, files,
               static_cast<double>(bytes) / 1e6);
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
