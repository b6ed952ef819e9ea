// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/mbtiles.hpp"

#include "pyramid/archive/unpublished.hpp"
#include "pyramid/base/failure.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace ardoise {

namespace {

/// A connection that says which file it is when something fails.
class Database {
public:
    Database(std::filesystem::path const& path, int flags, std::string shown) : shown_{std::move(shown)}
    {
        check(sqlite3_open_v2(path.c_str(), &database_, flags, nullptr));
        sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    }
    ~Database() { sqlite3_close_v2(database_); }
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    void run(char const* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
    void check(int result)
    {
        if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE)
            return;
        std::string const trouble = database_ ? sqlite3_errmsg(database_) : sqlite3_errstr(result);
        bool const foreign = result == SQLITE_NOTADB;
        close(); // a constructor that fails here has no destructor to do it
        fail("{}: {}{}", shown_, foreign ? "is no MBTiles archive: " : "cannot be used: ", trouble);
    }
    void close() { sqlite3_close_v2(std::exchange(database_, nullptr)); }
    sqlite3* handle() const { return database_; }
    std::string const& shown() const { return shown_; }

private:
    std::string shown_;
    sqlite3* database_ = nullptr;
};

/// A prepared statement, bound and run any number of times.
class Statement {
public:
    Statement(Database& database, char const* sql) : database_{database}
    {
        database_.check(sqlite3_prepare_v2(database_.handle(), sql, -1, &statement_, nullptr));
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(Statement const&) = delete;
    Statement& operator=(Statement const&) = delete;

    template <typename... Values>
    Statement& bind(Values const&... values)
    {
        sqlite3_reset(statement_);
        int place = 0;
        (bind_one(++place, values), ...);
        return *this;
    }
    /// Goes to the next row; false behind the last.
    bool next()
    {
        int const result = sqlite3_step(statement_);
        database_.check(result);
        return result == SQLITE_ROW;
    }
    bool is_integer(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_INTEGER; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::string text(int column) const
    {
        auto const* bytes = sqlite3_column_text(statement_, column);
        return bytes ? reinterpret_cast<char const*>(bytes) : "";
    }
    /// Until the next step.
    ByteView bytes(int column) const
    {
        auto const* first = static_cast<std::byte const*>(sqlite3_column_blob(statement_, column));
        return {first, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

private:
    void bind_one(int place, std::int64_t value)
    {
        database_.check(sqlite3_bind_int64(statement_, place, value));
    }
    void bind_one(int place, std::string const& value)
    {
        database_.check(
            sqlite3_bind_text64(statement_, place, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
    }
    void bind_one(int place, ByteView value)
    {
        database_.check(sqlite3_bind_blob64(statement_, place, value.data(), value.size(), SQLITE_STATIC));
    }

    Database& database_;
    sqlite3_stmt* statement_ = nullptr;
};

/// The table or view must be there before its columns can be asked for.
bool has_table(Database& database, std::string const& name)
{
    Statement query{database,
                    "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = ?"};
    return query.bind(name).next();
}

ArchiveMetadata read_metadata(Database& database)
{
    ArchiveMetadata metadata;
    if (!has_table(database, "metadata"))
        return metadata;
    Statement rows{database, "SELECT name, value FROM metadata"};
    while (rows.next()) {
        auto const name = rows.text(0);
        auto value = rows.text(1);
        if (name == "format") {
            metadata.format = format_in_archives(value);
            if (!metadata.format)
                fail("{}: its tiles are \"{}\"; png, jpg, webp, pbf and mvt can be taken in",
                     database.shown(), value);
        } else if (name == "name")
            metadata.name = std::move(value);
        else if (name == "description")
            metadata.description = std::move(value);
        else if (name == "attribution")
            metadata.attribution = std::move(value);
        else if (name == "bounds")
            metadata.bounds = parse_bounds(value);
        else if (name == "json")
            metadata.vector_layers = vector_layers_in(value, database.shown());
    }
    return metadata;
}

class MbtilesReader final : public TileReader {
public:
    MbtilesReader(std::string const& file, TileMatrixSet const& set)
        : database_{file, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, file}, set_{set}
    {
        if (!has_table(database_, "tiles"))
            fail("{}: has no table or view called tiles; is it an MBTiles archive?", file);
        metadata_ = read_metadata(database_);
        read_levels();
    }

    ArchiveMetadata const& metadata() const override { return metadata_; }
    std::vector<ArchiveLevel> const& levels() const override { return levels_; }

    void visit(ArchiveLevel const& level, SlabSize size, TileVisitor const& visitor) override
    {
        auto const& matrix = set_.matrices[level.matrix];
        auto const zoom = static_cast<std::int64_t>(*web_mercator_zoom(set_, matrix));
        auto const last_row = matrix.matrix_height - 1;
        Statement column{database_, "SELECT tile_row, tile_data FROM tiles WHERE zoom_level = ? AND "
                                    "tile_column = ? AND tile_row BETWEEN ? AND ?"};
        std::int64_t visited = 0;
        for (auto const slab : slabs_of(zoom, last_row, size)) {
            TileIndex const first{slab.col * size.width, slab.row * size.height};
            for (auto col = first.col; col < first.col + size.width; ++col) {
                column.bind(zoom, col, last_row - (first.row + size.height - 1), last_row - first.row);
                for (; column.next(); ++visited)
                    if (visitor({col, last_row - column.integer(0)}, column.bytes(1)) == Visit::stop)
                        return;
            }
        }
        if (visited != level.tiles)
            fail("{}: {} of {} tiles of zoom {} stand in columns or rows that are no whole numbers",
                 database_.shown(), level.tiles - visited, level.tiles, zoom);
    }

private:
    void read_levels()
    {
        Statement rows{database_, "SELECT zoom_level, count(*), min(tile_column), max(tile_column), "
                                  "min(tile_row), max(tile_row) FROM tiles GROUP BY zoom_level"};
        while (rows.next()) {
            for (int i = 0; i < 6; ++i)
                if (!rows.is_integer(i))
                    fail("{}: zoom \"{}\" has tiles whose place is no whole number", database_.shown(),
                         rows.text(0));
            auto const zoom = rows.integer(0);
            ArchiveLevel const level{matrix_of_zoom(set_, zoom, database_.shown()), rows.integer(1),
                                     std::nullopt};
            auto const side = set_.matrices[level.matrix].matrix_width;
            if (rows.integer(2) < 0 || rows.integer(3) >= side || rows.integer(4) < 0 ||
                rows.integer(5) >= side)
                fail("{}: has tiles outside of zoom {}, which has {} columns and rows", database_.shown(),
                     zoom, side);
            levels_.push_back(level);
        }
        if (levels_.empty())
            fail("{}: holds no tile", database_.shown());
        std::sort(levels_.begin(), levels_.end(),
                  [](auto const& a, auto const& b) { return a.matrix < b.matrix; });
    }

    /// Those that hold something.
    std::vector<TileIndex> slabs_of(std::int64_t zoom, std::int64_t last_row, SlabSize size)
    {
        Statement rows{database_, "SELECT DISTINCT tile_column / ?, (? - tile_row) / ? FROM tiles WHERE "
                                  "zoom_level = ?"};
        rows.bind(std::int64_t{size.width}, last_row, std::int64_t{size.height}, zoom);
        std::vector<TileIndex> slabs;
        while (rows.next())
            slabs.push_back({rows.integer(0), rows.integer(1)});
        std::sort(slabs.begin(), slabs.end());
        slabs.erase(std::unique(slabs.begin(), slabs.end()), slabs.end());
        return slabs;
    }

    Database database_;
    TileMatrixSet const& set_;
    ArchiveMetadata metadata_;
    std::vector<ArchiveLevel> levels_;
};

class MbtilesWriter final : public TileArchiveWriter {
public:
    MbtilesWriter(std::string const& file, TileMatrixSet const& set, ArchiveMetadata metadata)
        : file_{file}, database_{file_.beside(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, file}, set_{set},
          metadata_{std::move(metadata)}
    {
        // The file is nobody's until it has its name, so it needs no journal of its own. 0x4D504258 is
        // "MPBX", by which file(1) knows MBTiles.
        database_.run(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 1297105496;"
            "CREATE TABLE metadata (name text, value text);"
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, "
            "tile_data blob);"
            "BEGIN");
        insert_.emplace(database_, "INSERT INTO tiles VALUES (?, ?, ?, ?)");
    }

    void add(std::size_t matrix, TileIndex tile, ByteView bytes) override
    {
        std::int64_t const zoom = zoom_to_write(set_, matrix, database_.shown());
        auto const row_from_bottom = set_.matrices[matrix].matrix_height - 1 - tile.row;
        insert_->bind(zoom, tile.col, row_from_bottom, bytes).next();
        zooms_.first = std::min(zooms_.first, zoom);
        zooms_.second = std::max(zooms_.second, zoom);
    }

    void publish() override
    {
        insert_.reset();
        write_metadata();
        database_.run("COMMIT;"
                      "CREATE UNIQUE INDEX name ON metadata (name);"
                      "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)");
        database_.close();
        file_.publish();
    }

private:
    void write_metadata()
    {
        Statement insert{database_, "INSERT INTO metadata VALUES (?, ?)"};
        auto const put = [&](std::string const& name, std::string const& value) {
            insert.bind(name, value).next();
        };
        put("name", metadata_.name);
        put("format", std::string{metadata_.format->extension});
        put("minzoom", std::to_string(zooms_.first));
        put("maxzoom", std::to_string(zooms_.second));
        put("type", metadata_.format->extension == "jpg" ? "baselayer" : "overlay");
        put("version", "1");
        put("description", metadata_.description);
        if (!metadata_.attribution.empty())
            put("attribution", metadata_.attribution);
        if (auto const& box = metadata_.bounds) {
            put("bounds", fmt::format("{},{},{},{}", box->min_x, box->min_y, box->max_x, box->max_y));
            put("center", fmt::format("{},{},{}", (box->min_x + box->max_x) / 2,
                                      (box->min_y + box->max_y) / 2, zooms_.first));
        }
        if (metadata_.format->compression == TileCompression::vector) {
            auto const& layers = metadata_.vector_layers;
            put("json", Json::object({{"vector_layers", layers.is_null() ? Json::array() : layers}}).text());
        }
    }

    Unpublished file_;
    Database database_;
    TileMatrixSet const& set_;
    ArchiveMetadata metadata_;
    std::optional<Statement> insert_;
    std::pair<std::int64_t, std::int64_t> zooms_{std::numeric_limits<std::int64_t>::max(), 0};
};

} // namespace

std::unique_ptr<TileReader> open_mbtiles(std::string const& file, TileMatrixSet const& set)
{
    return std::make_unique<MbtilesReader>(file, set);
}

std::unique_ptr<TileArchiveWriter> create_mbtiles(std::string const& file, TileMatrixSet const& set,
                                                  ArchiveMetadata metadata)
{
    return std::make_unique<MbtilesWriter>(file, set, std::move(metadata));
}

} // namespace ardoise
