// SPDX-License-Identifier: Apache-2.0
// A pyramid of the pictures that a style makes of another one's tiles.
#pragma once

#include "pyramid/build/styling/drawn_from.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "pyramid/store/change_list.hpp"
#include "styles/style.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

struct StylingOptions {
    std::filesystem::path descriptor; // of the pyramid whose values are shown
    /// A style that ships, one of styles/ beside the descriptor, "classes" of a pyramid that has some, or the
    /// path of a file NAME.json.
    std::string style = {};
    std::optional<double> water_level = {}; // of a style of water, as its scale states levels
    std::filesystem::path store = {};       // of the pictures
    std::string name = {};
    std::string format = "png";                    // or jpg, webp, zip, lzw, pkb, raw
    int quality = 85;                              // of JPEG and WebP
    unsigned jobs = 0;                             // threads; 0: one a core
    std::uint64_t memory = std::uint64_t{1} << 30; // bytes, for decoded tiles above all
    std::size_t keep = 2;                          // revisions that stay, the new one among them
    ListIs change_list = ListIs::kept;
};

/// What will be drawn: known before any pixel is read.
struct PreparedStyling {
    StylingOptions options;
    Pyramid source;
    DrawnFrom drawn_from; // the slab files of that, now
    Style style;
    Pyramid target; // of the pictures: all but its folders
    std::string recipe;
    std::optional<Pyramid> before;        // the revision that is published, where there is one
    std::vector<SlabPlace> to_draw;       // coarsest level first
    std::vector<SlabChecksum> taken_over; // files of the revision before
    bool is_up_to_date = false;           // that revision is what would be drawn
};

/// Throws Failure when something does not fit, all of it before anything is written: a style that there is
/// none of or that does not fit the pyramid, a format that cannot hold its pictures, a pyramid of that name
/// that is anything else than this style of this pyramid in this format.
PreparedStyling prepare_styling(StylingOptions options, TileMatrixSetLibrary const& sets);

struct StylingReport {
    std::size_t files = 0; // of the revision
    std::uint64_t bytes = 0;
    std::vector<ChangedTile> changed;     // against the revision before
    std::vector<ChangedTile> change_list; // the same, and what that one owed
    Pyramid published;
};

/// Told how many places of tiles in the slabs to be drawn are done.
using StylingProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Draws each stored tile of each level by itself from the values of that level, as the server draws it (no
/// colours are ever averaged), and publishes: a first revision, or a further one in which the slabs whose
/// values and neighbours are what they were are hard links. What was killed or has failed half-way is gone on
/// with by the next call of the same options, to the same bytes. Throws Failure when a slab does not agree
/// with its checksum.
StylingReport style_pyramid(PreparedStyling const& prepared, StylingProgress const& on_progress);

} // namespace ardoise
