// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/hilbert.hpp"
#include "pyramid/archive/pmtiles.hpp"
#include "pyramid/archive/pmtiles_directory.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/raster/zlib.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

namespace ardoise {

using namespace pmtiles;

namespace {

/// A directory or the metadata, decompressed: more would be no directory but a bomb.
constexpr std::size_t most_section_bytes = 64 << 20;

std::string_view name_of(Compression compression)
{
    switch (compression) {
    case Compression::none:
        return "no compression";
    case Compression::gzip:
        return "gzip";
    case Compression::brotli:
        return "brotli";
    case Compression::zstd:
        return "zstd";
    case Compression::unknown:
        break;
    }
    return "a compression without a name";
}

TileFormat const* format_of(TileType type, std::string const& file)
{
    switch (type) {
    case TileType::mvt:
        return format_in_archives("pbf");
    case TileType::png:
        return format_in_archives("png");
    case TileType::jpeg:
        return format_in_archives("jpg");
    case TileType::webp:
        return format_in_archives("webp");
    case TileType::unknown:
        return nullptr;
    case TileType::avif:
        fail("{}: its tiles are AVIF; png, jpg, webp and mvt can be taken in", file);
    case TileType::mlt:
        break;
    }
    fail("{}: its tiles are of type {}; png, jpg, webp and mvt can be taken in", file,
         static_cast<int>(type));
}

class PmtilesReader final : public TileReader {
public:
    PmtilesReader(std::string const& file, TileMatrixSet const& set) : name_{file}, file_{file}, set_{set}
    {
        auto const header = decode_header(file_.bytes());
        if (!header)
            fail("{}: is no PMTiles archive of version 3", file);
        header_ = *header;
        check_header();
        read_metadata();
        read_levels();
    }

    ArchiveMetadata const& metadata() const override { return metadata_; }
    std::vector<ArchiveLevel> const& levels() const override { return levels_; }

    void visit(ArchiveLevel const& level, SlabSize size, TileVisitor const& visitor) override
    {
        if (size.width != size.height || !std::has_single_bit(static_cast<unsigned>(size.width)))
            fail("{}: its tiles lie along the Hilbert curve, which fills slabs of 2x2, 4x4, 8x8, 16x16, ... "
                 "tiles one by one, and none of {}x{}",
                 name_, size.width, size.height);
        int const zoom = *web_mercator_zoom(set_, set_.matrices[level.matrix]);
        auto const first = hilbert::first_id(zoom), end = hilbert::first_id(zoom + 1);
        walk({first, end}, [&](Entry const& entry) {
            auto const bytes = part(header_.tiles, entry.offset, entry.length, "a tile");
            for (auto id = std::max(entry.tile_id, first); id < std::min(entry.end(), end); ++id)
                if (visitor(hilbert::tile_at(zoom, id - first), bytes) == Visit::stop)
                    return Visit::stop;
            return Visit::go_on;
        });
    }

private:
    /// Half-open.
    struct IdRange {
        std::uint64_t first, end;
    };
    using EntryVisitor = std::function<Visit(Entry const&)>;

    void check_header() const
    {
        if (header_.internal != Compression::none && header_.internal != Compression::gzip)
            fail("{}: its directories are in {}; gzip and no compression are read", name_,
                 name_of(header_.internal));
        bool const raster = header_.type != TileType::mvt && header_.type != TileType::unknown;
        bool const kept = header_.tile == Compression::none || header_.tile == Compression::unknown ||
                          (header_.tile == Compression::gzip && !raster);
        if (!kept)
            fail("{}: its tiles are in {} once more, and they are taken in as they stand; tiles in gzip (of "
                 "vectors) and as they are can be read",
                 name_, name_of(header_.tile));
        for (auto const& [section, what] :
             {std::pair{header_.root, "the root directory"}, std::pair{header_.metadata, "the metadata"},
              std::pair{header_.leaves, "the leaf directories"}, std::pair{header_.tiles, "the tiles"}})
            part({0, file_.bytes().size()}, section.offset, section.length, what);
    }

    /// A stretch of a section, which itself lies in the file.
    ByteView part(Section section, std::uint64_t offset, std::uint64_t length, std::string_view what) const
    {
        if (offset > section.length || length > section.length - offset)
            fail("{}: {} should lie at {} with {} bytes, outside of the {} that are there; is it truncated?",
                 name_, what, offset, length, section.length);
        return file_.bytes().subspan(section.offset + offset, length);
    }

    Bytes unpacked(ByteView bytes, std::string_view what) const
    {
        if (header_.internal == Compression::none)
            return {bytes.begin(), bytes.end()};
        auto unpacked = read_gzip(bytes, most_section_bytes);
        if (!unpacked)
            fail("{}: {} cannot be decompressed", name_, what);
        return std::move(*unpacked);
    }

    void read_metadata()
    {
        metadata_.format = format_of(header_.type, name_);
        if (!header_.bounds.empty())
            metadata_.bounds = header_.bounds;
        if (header_.metadata.length == 0)
            return;
        auto const text =
            unpacked(part(header_.metadata, 0, header_.metadata.length, "the metadata"), "the metadata");
        auto const json = parse_json(as_text(text), name_ + ": metadata");
        metadata_.name = text_member(json, "name");
        metadata_.description = text_member(json, "description");
        metadata_.attribution = text_member(json, "attribution");
        if (auto const* layers = json.find("vector_layers"))
            metadata_.vector_layers = *layers;
    }

    void read_levels()
    {
        std::map<int, ArchiveLevel> by_zoom;
        walk({0, std::numeric_limits<std::uint64_t>::max()}, [&](Entry const& entry) {
            part(header_.tiles, entry.offset, entry.length, "a tile");
            // A run may go on into the next zoom.
            for (auto id = entry.tile_id; id < entry.end();) {
                int const zoom = hilbert::zoom_of(id);
                auto const end = std::min(entry.end(), hilbert::first_id(zoom + 1));
                auto& level = by_zoom[zoom];
                level.tiles += static_cast<std::int64_t>(end - id);
                level.bytes = level.bytes.value_or(0) + static_cast<double>(end - id) * entry.length;
                id = end;
            }
            return Visit::go_on;
        });
        for (auto& [zoom, level] : by_zoom) {
            level.matrix = matrix_of_zoom(set_, zoom, name_);
            levels_.push_back(level);
        }
    }

    /// Visits the entries of tiles in ascending order of ids, those at least that touch `wanted`.
    void walk(IdRange wanted, EntryVisitor const& visitor) const
    {
        std::uint64_t behind = 0;
        walk(part({0, file_.bytes().size()}, header_.root.offset, header_.root.length, "the root directory"),
             wanted, std::nullopt, 0, behind, visitor);
    }

    /// `first_id`: what the entry above promises. `behind`: no tile before it may come any more.
    Visit walk(ByteView packed, IdRange wanted, std::optional<std::uint64_t> first_id, int depth,
               std::uint64_t& behind, EntryVisitor const& visitor) const
    {
        constexpr int deepest = 4; // one level of leaves is what writers make; a cycle would have no end
        if (depth > deepest)
            fail("{}: its directories lie more than {} deep; do they hold one another?", name_, deepest);
        auto const entries = directory(packed);
        if (first_id && entries.front().tile_id != *first_id)
            fail("{}: a directory that should begin with tile {} begins with tile {}", name_, *first_id,
                 entries.front().tile_id);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            auto const& entry = entries[i];
            bool const is_last = i + 1 == entries.size();
            auto const end = !entry.is_leaf() ? entry.end() : is_last ? wanted.end : entries[i + 1].tile_id;
            if (end <= wanted.first || entry.tile_id >= wanted.end)
                continue;
            if (entry.tile_id < behind)
                fail("{}: its directories overlap: tile {} is there twice", name_, entry.tile_id);
            auto const visit =
                entry.is_leaf() ? walk(part(header_.leaves, entry.offset, entry.length, "a leaf directory"),
                                       wanted, entry.tile_id, depth + 1, behind, visitor)
                                : visitor(entry);
            if (visit == Visit::stop)
                return visit;
            behind = std::max(behind, entry.end());
        }
        return Visit::go_on;
    }

    std::vector<Entry> directory(ByteView packed) const
    {
        auto const bytes = unpacked(packed, "a directory");
        try {
            return decode_directory(bytes);
        } catch (Failure const& failure) {
            fail("{}: {}", name_, failure.what());
        }
    }

    std::string name_;
    MappedFile file_;
    TileMatrixSet const& set_;
    Header header_;
    ArchiveMetadata metadata_;
    std::vector<ArchiveLevel> levels_;
};

} // namespace

std::unique_ptr<TileReader> open_pmtiles(std::string const& file, TileMatrixSet const& set)
{
    return std::make_unique<PmtilesReader>(file, set);
}

} // namespace ardoise
