// SPDX-License-Identifier: Apache-2.0
// Any text as the description of a layer, of a series and of the service: refused with a Failure, or what can
// be published. Any text as a time: none, or one that is published as itself.
#include "pyramid/base/failure.hpp"
#include "pyramid/base/iso_time.hpp"
#include "server/catalog/ground.hpp"
#include "server/catalog/layer_description.hpp"
#include "server/catalog/series_layer.hpp"
#include "server/catalog/service_description.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace ardoise;

constexpr std::string_view descriptor = R"({
    "tile_matrix_set": "PM", "format": "TIFF_ZIP_FLOAT32",
    "raster_specifications": {"channels": 1, "nodata": "-99999", "photometric": "gray", "interpolation": "linear"},
    "levels": [{"id": "8", "tiles_per_width": 2, "tiles_per_height": 2,
                "tile_limits": {"min_row": 89, "max_row": 90, "min_col": 126, "max_col": 127},
                "storage": {"type": "FILE", "image_directory": "DATA/8", "path_depth": 2}}]})";

template <typename Read>
void try_to(Read const& read)
try {
    read();
} catch (Failure const&) {
}

/// What is published of a time means the same moment, whoever asks for it.
void check_time(std::string_view text)
{
    auto const span = parse_time(text);
    if (span && parse_time(format_time(*span))->first != span->first)
        std::abort();
}

/// A text as a request's times and elevations, of a series that has both.
void check_choice(std::string const& text)
{
    Dimension time{.values = {{{0, 86399}, "1970-01-01"}, {{86400, 172799}, "1970-01-02"}}};
    Dimension elevation{
        .kind = Dimension::Kind::elevation, .match = Match::nearest, .values = {{{5, 5}, "5"}}};
    Series const series{.description = {},
                        .dimensions = {time, elevation},
                        .members = {{nullptr, {0, 0}}, {nullptr, {1, 0}}}};
    static_cast<void>(choose(series, {.time = text, .elevation = text}));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static TileMatrixSetLibrary const sets;
    static auto const json = parse_json(descriptor, "pyramid.json");
    static auto const pyramid = read_pyramid(JsonReader{json, "pyramid.json"}, "pyramid", "/store", sets);
    std::string const text{reinterpret_cast<char const*>(data), size};
    try_to([&] {
        auto const described = parse_layer_description(HandwrittenJson{text, "layer.json"}, pyramid,
                                                       {sets, StyleLibrary{{}}, LayersByName{}});
        if (described.bbox)
            static_cast<void>(cut_to(pyramid, *described.bbox).extent());
    });
    try_to([&] {
        if (auto series = parse_series_description(HandwrittenJson{text, "series.json"}))
            frame_series("series", *std::move(series), {});
    });
    check_time(text);
    check_choice(text);
    try_to([&] { static_cast<void>(parse_configuration(HandwrittenJson{text, "server.json"})); });
    return 0;
}
