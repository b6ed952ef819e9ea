// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/tile_folder.hpp"

#include "pyramid/archive/unpublished.hpp"
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/base/number.hpp"

#include <algorithm>
#include <fstream>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr char const* metadata_name = "metadata.json";

/// Everything in a folder, sorted by name. Throws Failure.
std::vector<fs::path> entries_of(fs::path const& folder)
{
    std::vector<fs::path> entries;
    std::error_code trouble;
    for (fs::directory_iterator it{folder, trouble}, end; !trouble && it != end; it.increment(trouble))
        entries.push_back(it->path());
    if (trouble)
        fail("{}: cannot be read: {}", folder.string(), trouble.message());
    std::sort(entries.begin(), entries.end());
    return entries;
}

std::int64_t flipped(std::int64_t row, TileMatrix const& matrix, FolderPattern const& pattern)
{
    return pattern.rows == FolderPattern::Rows::from_top ? row : matrix.matrix_height - 1 - row;
}

/// A tile's file, and where it lies.
struct TileFile {
    TileIndex tile;
    fs::path file;
};

class FolderReader final : public TileReader {
public:
    FolderReader(FolderPattern pattern, TileMatrixSet const& set) : pattern_{std::move(pattern)}, set_{set}
    {
        std::error_code ignored;
        if (!fs::is_directory(pattern_.root, ignored))
            fail("{}: is no folder", pattern_.root.string());
        read_metadata();
        read_levels();
    }

    ArchiveMetadata const& metadata() const override { return metadata_; }
    std::vector<ArchiveLevel> const& levels() const override { return levels_; }

    void visit(ArchiveLevel const& level, SlabSize size, TileVisitor const& visitor) override
    {
        auto const columns = columns_of(level.matrix);
        for (std::size_t i = 0; i < columns.size();) {
            auto const slab_col = columns[i].first / size.width;
            std::vector<TileFile> files; // of one column of slabs
            for (; i < columns.size() && columns[i].first / size.width == slab_col; ++i)
                add_files(level.matrix, columns[i], files);
            std::stable_sort(files.begin(), files.end(), [&](TileFile const& a, TileFile const& b) {
                return a.tile.row / size.height < b.tile.row / size.height;
            });
            for (auto const& [tile, file] : files)
                if (visitor(tile, MappedFile{file}.bytes()) == Visit::stop)
                    return;
        }
    }

private:
    using Column = std::pair<std::int64_t, fs::path>;

    void read_metadata()
    {
        auto const file = pattern_.root / metadata_name;
        std::error_code ignored;
        if (fs::exists(file, ignored)) {
            auto const said = read_json(file);
            metadata_.name = text_member(said, "name");
            metadata_.description = text_member(said, "description");
            metadata_.attribution = text_member(said, "attribution");
            metadata_.bounds = parse_bounds(text_member(said, "bounds"));
            metadata_.format = format_in_archives(text_member(said, "format"));
            if (auto const json = text_member(said, "json"); !json.empty())
                metadata_.vector_layers = vector_layers_in(json, file.string());
        }
        if (!pattern_.extension.empty())
            metadata_.format = format_in_archives(pattern_.extension);
    }

    void read_levels()
    {
        for (std::size_t matrix = 0; matrix < set_.matrices.size(); ++matrix) {
            std::vector<TileFile> files;
            std::int64_t tiles = 0;
            for (auto const& column : columns_of(matrix)) {
                files.clear();
                add_files(matrix, column, files);
                tiles += static_cast<std::int64_t>(files.size());
            }
            if (tiles > 0)
                levels_.push_back({matrix, tiles, std::nullopt});
        }
        refuse_other_levels();
        if (levels_.empty())
            fail("{}: holds no tile of the form {{z}}/{{x}}/{{y}}{}", pattern_.root.string(),
                 pattern_.extension.empty() ? "" : "." + pattern_.extension);
    }

    void refuse_other_levels()
    {
        for (auto const& entry : entries_of(pattern_.root)) {
            auto const name = entry.filename().string();
            if (parse_number<std::int64_t>(name) && !set_.find(name) && fs::is_directory(entry))
                fail("{}: {} has no level of that name; remove the folder, or give another --tms",
                     entry.string(), set_.id);
        }
    }

    /// Sorted by number.
    std::vector<Column> columns_of(std::size_t matrix) const
    {
        auto const& of = set_.matrices[matrix];
        auto const folder = pattern_.root / of.id;
        std::vector<Column> columns;
        std::error_code ignored;
        if (!fs::is_directory(folder, ignored))
            return columns;
        for (auto const& entry : entries_of(folder)) {
            auto const number = parse_number<std::int64_t>(entry.filename().string());
            if (!number || !fs::is_directory(entry, ignored))
                continue;
            if (*number < 0 || *number >= of.matrix_width)
                fail("{}: is no column of level {}, which has {}", entry.string(), of.id, of.matrix_width);
            columns.emplace_back(*number, entry);
        }
        std::sort(columns.begin(), columns.end());
        return columns;
    }

    void add_files(std::size_t matrix, Column const& column, std::vector<TileFile>& files) const
    {
        auto const& of = set_.matrices[matrix];
        for (auto const& entry : entries_of(column.second)) {
            auto const number = parse_number<std::int64_t>(entry.stem().string());
            if (!number || !is_wanted(entry))
                continue;
            if (*number < 0 || *number >= of.matrix_height)
                fail("{}: is no row of level {}, which has {}", entry.string(), of.id, of.matrix_height);
            files.push_back({{column.first, flipped(*number, of, pattern_)}, entry});
        }
    }

    bool is_wanted(fs::path const& file) const
    {
        auto const extension = file.extension().string();
        if (!pattern_.extension.empty())
            return extension == "." + pattern_.extension;
        return extension.empty() || format_in_archives(extension.substr(1)) != nullptr;
    }

    FolderPattern pattern_;
    TileMatrixSet const& set_;
    ArchiveMetadata metadata_;
    std::vector<ArchiveLevel> levels_;
};

class FolderWriter final : public TileArchiveWriter {
public:
    FolderWriter(FolderPattern pattern, TileMatrixSet const& set, ArchiveMetadata metadata)
        : pattern_{std::move(pattern)}, set_{set}, metadata_{std::move(metadata)}, folder_{pattern_.root}
    {
        auto const* named = format_in_archives(pattern_.extension);
        if (pattern_.extension.empty())
            pattern_.extension = metadata_.format->extension;
        else if (!named || named->compression != metadata_.format->compression)
            fail("{}: the tiles are {} and are not encoded again; end the address in .{}",
                 pattern_.root.string(), metadata_.format->extension, metadata_.format->extension);
    }

    void add(std::size_t matrix, TileIndex tile, ByteView bytes) override
    {
        auto const& of = set_.matrices[matrix];
        auto const file = folder_.beside() / of.id / std::to_string(tile.col) /
                          fmt::format("{}.{}", flipped(tile.row, of, pattern_), pattern_.extension);
        std::error_code trouble;
        fs::create_directories(file.parent_path(), trouble);
        std::ofstream out{file, std::ios::binary};
        auto const text = as_text(bytes);
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        out.close();
        if (!out)
            fail("{}: cannot be written; is there room on the disk?", file.string());
        if (ids_.empty() || ids_.back() != of.id)
            ids_.push_back(of.id);
    }

    void publish() override
    {
        auto json = Json::object({{"name", metadata_.name},
                                  {"description", metadata_.description},
                                  {"format", metadata_.format->extension},
                                  {"minzoom", ids_.front()},
                                  {"maxzoom", ids_.back()},
                                  {"scheme", pattern_.rows == FolderPattern::Rows::from_top ? "xyz" : "tms"},
                                  {"tile_matrix_set", set_.id}});
        if (!metadata_.attribution.empty())
            json.set("attribution", metadata_.attribution);
        if (auto const& box = metadata_.bounds)
            json.set("bounds", fmt::format("{},{},{},{}", box->min_x, box->min_y, box->max_x, box->max_y));
        if (!metadata_.vector_layers.is_null())
            json.set("json", Json::object({{"vector_layers", metadata_.vector_layers}}).text());
        write_atomically(folder_.beside() / metadata_name, json.pretty_text());
        folder_.publish();
    }

private:
    FolderPattern pattern_;
    TileMatrixSet const& set_;
    ArchiveMetadata metadata_;
    Unpublished folder_;
    std::vector<std::string> ids_; // of the levels that have tiles
};

} // namespace

std::optional<FolderPattern> parse_folder_pattern(std::string_view pattern)
{
    FolderPattern found;
    fs::path const path{pattern};
    auto const name = path.filename().string();
    auto const column = path.parent_path();
    auto const level = column.parent_path();
    if (column.filename() != "{x}" || level.filename() != "{z}")
        return std::nullopt;
    auto const brace = name.find('}');
    auto const row = name.substr(0, brace == std::string::npos ? 0 : brace + 1);
    auto const rest = name.substr(row.size());
    if ((row != "{y}" && row != "{-y}") || (!rest.empty() && rest[0] != '.') || rest == ".")
        return std::nullopt;
    found.rows = row == "{y}" ? FolderPattern::Rows::from_top : FolderPattern::Rows::from_bottom;
    found.root = level.parent_path().empty() ? "." : level.parent_path();
    found.extension = rest.empty() ? "" : rest.substr(1);
    return found;
}

std::unique_ptr<TileReader> open_tile_folder(FolderPattern const& pattern, TileMatrixSet const& set)
{
    return std::make_unique<FolderReader>(pattern, set);
}

std::unique_ptr<TileArchiveWriter> create_tile_folder(FolderPattern const& pattern, TileMatrixSet const& set,
                                                      ArchiveMetadata metadata)
{
    return std::make_unique<FolderWriter>(pattern, set, std::move(metadata));
}

} // namespace ardoise
