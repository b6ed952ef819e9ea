// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/tile_matrix_set_library.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/grid/shipped_sets.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace ardoise {

namespace {

Crs parse_crs(JsonReader const& json)
{
    auto const definition = json.json().as<std::string>() ? json.string() : json.at("uri").string();
    try {
        return Crs::from_definition(definition);
    } catch (Failure const& failure) {
        json.refuse(failure.what());
    }
}

/// Whether corners are written northing first, which only the OGC's form does and says.
bool corners_northing_first(JsonReader const& json)
{
    auto const axes = json.find("orderedAxes");
    bool const ogc_form = !json.at("crs").json().as<std::string>() ||
                          json.at("crs").string().starts_with("http") ||
                          json.at("crs").string().starts_with("urn:");
    if (!axes || !ogc_form)
        return false;
    auto const names = axes->items();
    if (names.empty())
        return false;
    auto const& first = names.front().string();
    return first == "Lat" || first == "N" || first == "Y" || first == "Northing";
}

/// Levels are folders of a pyramid and words of addresses.
std::string matrix_id(JsonReader const& json)
{
    constexpr std::size_t longest = 64;
    auto id = json.string();
    bool const is_a_word =
        std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f && c != '/'; });
    if (id.empty() || id.size() > longest || id.front() == '.' || !is_a_word)
        json.refuse(
            "expected a word of at most 64 letters, digits and signs, without '/' and with no '.' in front");
    return id;
}

/// 17-083r4 asks for both; sets that were written for older readers have the scale denominator alone.
double cell_size(JsonReader const& json, Crs const& crs)
{
    auto const size = json.find("cellSize");
    auto const scale = size ? size : json.find("scaleDenominator");
    if (!scale)
        json.refuse("has neither \"cellSize\" nor \"scaleDenominator\"");
    if (!(scale->number() > 0))
        scale->refuse("expected a number above 0");
    return size ? size->number() : cell_size_of(scale->number(), crs);
}

TileMatrix parse_matrix(JsonReader const& json, Crs const& crs, bool northing_first)
{
    constexpr std::int64_t most_tiles = std::int64_t{1} << 40;
    TileMatrix matrix;
    matrix.id = matrix_id(json.at("id"));
    matrix.cell_size = cell_size(json, crs);
    if (auto const corner = json.find("cornerOfOrigin"); corner && corner->string() != "topLeft")
        corner->refuse("only topLeft is supported");
    if (auto const variable = json.find("variableMatrixWidths"); variable && !variable->items().empty())
        variable->refuse("variable matrix widths are not supported");
    auto const origin = json.at("pointOfOrigin").items();
    if (origin.size() != 2)
        json.at("pointOfOrigin").refuse("expected two numbers");
    matrix.origin_x = origin[northing_first ? 1 : 0].number();
    matrix.origin_y = origin[northing_first ? 0 : 1].number();
    matrix.tile_width = static_cast<std::int32_t>(json.at("tileWidth").integer(1, 4096));
    matrix.tile_height = static_cast<std::int32_t>(json.at("tileHeight").integer(1, 4096));
    matrix.matrix_width = json.at("matrixWidth").integer(1, most_tiles);
    matrix.matrix_height = json.at("matrixHeight").integer(1, most_tiles);
    return matrix;
}

/// Says what is wrong with each matrix at once, not run by run.
std::vector<TileMatrix> parse_matrices(JsonReader const& json, Crs const& crs, bool northing_first)
{
    std::vector<TileMatrix> matrices;
    std::vector<std::string> wrong;
    for (auto const& matrix : json.items()) {
        try {
            matrices.push_back(parse_matrix(matrix, crs, northing_first));
        } catch (Failure const& failure) {
            wrong.emplace_back(failure.what());
        }
    }
    if (!wrong.empty())
        fail("{}", fmt::join(wrong, "; "));
    return matrices;
}

/// Published sets round their cell sizes to 15 digits; where matrices halve, doubling the finest exactly
/// keeps the corners of all of them on one another, and stays within the rounding.
void make_halving_exact(std::vector<TileMatrix>& matrices)
{
    for (auto fine = matrices.size(); fine-- > 1;)
        if (is_parent(matrices[fine - 1], matrices[fine]))
            matrices[fine - 1].cell_size = 2 * matrices[fine].cell_size;
}

} // namespace

TileMatrixSet parse_tile_matrix_set(JsonReader const& json, std::string_view default_id)
{
    auto const id = json.find("id");
    auto const title = json.find("title");
    TileMatrixSet set{.id = id ? id->string() : std::string{default_id},
                      .title = title ? title->string() : "",
                      .crs = parse_crs(json.at("crs")),
                      .matrices = {}};
    bool const northing_first = corners_northing_first(json);
    set.matrices = parse_matrices(json.at("tileMatrices"), set.crs, northing_first);
    if (set.matrices.empty())
        json.at("tileMatrices").refuse("is empty");
    std::set<std::string_view> ids;
    for (auto const& matrix : set.matrices)
        if (!ids.insert(matrix.id).second)
            json.at("tileMatrices").refuse(fmt::format("has \"{}\" twice", matrix.id));
    std::sort(set.matrices.begin(), set.matrices.end(),
              [](TileMatrix const& a, TileMatrix const& b) { return a.cell_size > b.cell_size; });
    make_halving_exact(set.matrices);
    return set;
}

Json to_json(TileMatrixSet const& set)
{
    auto json = Json::object({{"id", set.id}});
    if (!set.title.empty())
        json.set("title", set.title);
    json.set("crs", set.crs.code().empty() ? set.crs.definition() : set.crs.code());
    json.set("orderedAxes", set.crs.geographic() ? Json::array({"Lon", "Lat"}) : Json::array({"X", "Y"}));
    auto matrices = Json::array();
    for (auto const& matrix : set.matrices)
        matrices.add(Json::object({{"id", matrix.id},
                                   {"scaleDenominator", matrix.scale_denominator(set.crs)},
                                   {"cellSize", matrix.cell_size},
                                   {"pointOfOrigin", Json::array({matrix.origin_x, matrix.origin_y})},
                                   {"tileWidth", matrix.tile_width},
                                   {"tileHeight", matrix.tile_height},
                                   {"matrixWidth", matrix.matrix_width},
                                   {"matrixHeight", matrix.matrix_height}}));
    json.set("tileMatrices", std::move(matrices));
    return json;
}

TileMatrixSetLibrary::TileMatrixSetLibrary(std::vector<std::filesystem::path> folders)
    : folders_{std::move(folders)}
{
}

std::shared_ptr<TileMatrixSet const> TileMatrixSetLibrary::get(std::string const& id) const
{
    {
        std::scoped_lock const lock{mutex_};
        if (auto const found = known_.find(id); found != known_.end())
            return found->second;
    }
    auto set = read(id);
    std::scoped_lock const lock{mutex_};
    return known_.emplace(id, std::move(set)).first->second;
}

std::shared_ptr<TileMatrixSet const> TileMatrixSetLibrary::read(std::string const& id) const
{
    auto const parse = [](Json const& json, std::string const& source, std::string const& name) {
        return std::make_shared<TileMatrixSet const>(parse_tile_matrix_set(JsonReader{json, source}, name));
    };
    for (auto const& [name, text] : shipped_sets())
        if (name == id)
            return parse(parse_json(text, name), id, id);
    if (id.ends_with(".json"))
        return own_set(parse(read_json(id), id, std::filesystem::path{id}.stem().string()), id);
    std::string looked_in;
    for (auto const& folder : folders_) {
        auto const file = folder / (id + ".json");
        std::error_code ignored;
        if (is_plain_name(id) && std::filesystem::exists(file, ignored))
            return parse(read_json(file), file.string(), id);
        looked_in += fmt::format(", {}", folder.string());
    }
    std::string names;
    for (auto const& name : shipped())
        names += (names.empty() ? "" : ", ") + name;
    fail("the tile matrix set \"{}\" is not known (looked among {}{}); give the path of its JSON file", id,
         names, looked_in);
}

/// A set from a file must be found again by its id, which for every reader is the shipped set's if there is
/// one.
std::shared_ptr<TileMatrixSet const> TileMatrixSetLibrary::own_set(std::shared_ptr<TileMatrixSet const> set,
                                                                   std::string const& file) const
{
    if (!is_plain_name(set->id))
        fail("{}: the id \"{}\" will not do; use letters, digits, '_', '-' and '.'", file, set->id);
    auto const ids = shipped();
    if (std::find(ids.begin(), ids.end(), set->id) != ids.end() &&
        to_json(*get(set->id)).text() != to_json(*set).text())
        fail("{}: {} is the name of another set, which ships with Ardoise; give this one an id of its own",
             file, set->id);
    return set;
}

std::vector<std::string> TileMatrixSetLibrary::shipped()
{
    std::vector<std::string> names;
    for (auto const& [name, text] : shipped_sets())
        names.emplace_back(name);
    return names;
}

} // namespace ardoise
