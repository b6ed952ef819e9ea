// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/hilbert.hpp"
#include "pyramid/archive/pmtiles.hpp"
#include "pyramid/archive/pmtiles_directory.hpp"
#include "pyramid/archive/tile_header.hpp"
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/zlib.hpp"
#include "pyramid/store/slab_layout.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace ardoise {

using namespace pmtiles;

namespace {

TileType type_of(TileFormat const& format)
{
    switch (format.compression) {
    case TileCompression::png:
        return TileType::png;
    case TileCompression::jpeg:
        return TileType::jpeg;
    case TileCompression::webp:
        return TileType::webp;
    default:
        return TileType::mvt;
    }
}

/// What tells contents apart: two hashes of different kinds and the length.
using Fingerprint = std::tuple<std::uint64_t, std::uint32_t, std::size_t>;

class PmtilesWriter final : public TileArchiveWriter {
public:
    PmtilesWriter(std::string const& file, TileMatrixSet const& set, ArchiveMetadata metadata)
        : name_{file}, file_{file}, set_{set}, metadata_{std::move(metadata)}
    {
        file_.write(Bytes(tiles_at)); // header and root, once they are known
    }

    void add(std::size_t matrix, TileIndex tile, ByteView bytes) override
    {
        int const zoom = zoom_to_write(set_, matrix, name_);
        note_compression(bytes, tile_name(set_, matrix, tile));
        auto const id = hilbert::tile_id(zoom, tile);
        auto const offset = place(bytes);
        auto const length = static_cast<std::uint32_t>(bytes.size());
        bool const goes_on =
            !entries_.empty() && entries_.back().end() == id && entries_.back().offset == offset;
        if (goes_on)
            ++entries_.back().run_length;
        else
            entries_.push_back({id, offset, length, 1});
        ++addressed_;
    }

    void publish() override
    {
        Header header;
        header.tiles = {tiles_at, data_bytes_};
        auto const metadata = packed(as_bytes(metadata_text()));
        header.metadata = {tiles_at + data_bytes_, metadata.size()};
        file_.write(metadata);
        auto const [root, leaves] = directories();
        header.root = {header_bytes, root.size()};
        header.leaves = {header.metadata.offset + header.metadata.length, leaves.size()};
        file_.write(leaves);
        file_.write_at(header_bytes, root);
        describe(header);
        file_.write_at(0, encode_header(header));
        file_.publish();
    }

private:
    static constexpr std::uint64_t tiles_at = header_bytes + most_root_bytes;

    /// Where the content lies among the tiles; it is written if it is new.
    std::uint64_t place(ByteView bytes)
    {
        auto const [known, is_new] =
            places_.try_emplace({hash_of(bytes), crc32(bytes), bytes.size()}, data_bytes_);
        if (is_new) {
            file_.write(bytes);
            data_bytes_ += bytes.size();
        }
        return known->second;
    }

    /// The header says it once for all tiles.
    void note_compression(ByteView bytes, std::string const& tile)
    {
        if (metadata_.format->compression != TileCompression::vector)
            return;
        auto const header = read_tile_header(bytes);
        auto const compression = header && header->gzipped ? Compression::gzip : Compression::none;
        if (entries_.empty())
            compression_ = compression;
        if (compression != compression_)
            fail("{}: takes vector tiles all in gzip or all bare, and tile {} is not as those before it; "
                 "export to MBTiles or a folder",
                 name_, tile);
    }

    std::string metadata_text() const
    {
        auto json = Json::object({{"name", metadata_.name}, {"description", metadata_.description}});
        if (!metadata_.attribution.empty())
            json.set("attribution", metadata_.attribution);
        if (metadata_.format->compression == TileCompression::vector)
            json.set("vector_layers",
                     metadata_.vector_layers.is_null() ? Json::array() : metadata_.vector_layers);
        return json.text();
    }

    static Bytes packed(ByteView bytes)
    {
        Bytes out;
        append_gzip(out, bytes, 9);
        return out;
    }

    /// The root alone where it fits, else a root over leaves, with fewer and larger leaves until it fits.
    std::pair<Bytes, Bytes> directories() const
    {
        auto root = packed(encode_directory(entries_));
        if (root.size() <= most_root_bytes)
            return {std::move(root), {}};
        for (std::size_t in_a_leaf = 4096;; in_a_leaf *= 2) {
            std::vector<Entry> pointers;
            Bytes leaves;
            for (std::size_t i = 0; i < entries_.size(); i += in_a_leaf) {
                auto const part = std::span{entries_}.subspan(i, std::min(in_a_leaf, entries_.size() - i));
                auto const leaf = packed(encode_directory(part));
                pointers.push_back(
                    {part.front().tile_id, leaves.size(), static_cast<std::uint32_t>(leaf.size()), 0});
                leaves.insert(leaves.end(), leaf.begin(), leaf.end());
            }
            root = packed(encode_directory(pointers));
            if (root.size() <= most_root_bytes)
                return {std::move(root), std::move(leaves)};
        }
    }

    void describe(Header& header) const
    {
        header.addressed_tiles = addressed_;
        header.tile_entries = entries_.size();
        header.tile_contents = places_.size();
        header.clustered = true;
        header.tile = compression_;
        header.type = type_of(*metadata_.format);
        header.min_zoom = static_cast<std::uint8_t>(hilbert::zoom_of(entries_.front().tile_id));
        header.max_zoom = static_cast<std::uint8_t>(hilbert::zoom_of(entries_.back().end() - 1));
        header.bounds = metadata_.bounds.value_or(BoundingBox{-180, -85.0511287, 180, 85.0511287});
        header.center_zoom = header.min_zoom;
        header.center_longitude = (header.bounds.min_x + header.bounds.max_x) / 2;
        header.center_latitude = (header.bounds.min_y + header.bounds.max_y) / 2;
    }

    std::string name_;
    AtomicFile file_;
    TileMatrixSet const& set_;
    ArchiveMetadata metadata_;
    Compression compression_ = Compression::none;
    std::vector<Entry> entries_;
    std::map<Fingerprint, std::uint64_t> places_;
    std::uint64_t data_bytes_ = 0, addressed_ = 0;
};

} // namespace

std::unique_ptr<TileArchiveWriter> create_pmtiles(std::string const& file, TileMatrixSet const& set,
                                                  ArchiveMetadata metadata)
{
    return std::make_unique<PmtilesWriter>(file, set, std::move(metadata));
}

} // namespace ardoise
