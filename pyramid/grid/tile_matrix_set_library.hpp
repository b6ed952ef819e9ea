// SPDX-License-Identifier: Apache-2.0
// Tile matrix sets by name: those we ship, and those that stand as JSON files in folders.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/grid/tile_matrix.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

/// Reads a set in the OGC's JSON form (17-083r4 annex B; crs as a URI, a URN or an object with a uri) or
/// ROK4's (crs as a code; file name = id). pointOfOrigin is read x,y in ROK4's form, and in the order of the
/// CRS's axes when orderedAxes says so (Lat, N or Y first) in the OGC's. A matrix without cellSize gets it
/// from its scaleDenominator. Throws Failure naming the wrong field, of each matrix the first.
TileMatrixSet parse_tile_matrix_set(JsonReader const& json, std::string_view default_id);
/// In a form that both the OGC's readers and ROK4's understand.
Json to_json(TileMatrixSet const& set);

/// Finds sets by id, and reads each once, at the first call. Safe to share.
class TileMatrixSetLibrary {
public:
    /// The shipped sets, then for ids that these lack `<folder>/<id>.json` in each folder in turn.
    explicit TileMatrixSetLibrary(std::vector<std::filesystem::path> folders = {});

    /// Throws Failure listing where it was looked for; `id` is a bare name or, in trusted hands, the path of
    /// a file.
    std::shared_ptr<TileMatrixSet const> get(std::string const& id) const;
    static std::vector<std::string> shipped();

private:
    std::shared_ptr<TileMatrixSet const> read(std::string const& id) const;
    std::shared_ptr<TileMatrixSet const> own_set(std::shared_ptr<TileMatrixSet const> set,
                                                 std::string const& file) const;

    std::vector<std::filesystem::path> folders_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<TileMatrixSet const>> known_;
};

} // namespace ardoise
