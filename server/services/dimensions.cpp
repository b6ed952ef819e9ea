// SPDX-License-Identifier: Apache-2.0
#include "server/services/dimensions.hpp"

#include "pyramid/base/letter_case.hpp"
#include "server/catalog/water_levels.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace ardoise {

namespace {

/// The first of them that says something.
std::string first_said(Query const& query, std::initializer_list<std::string_view> keys)
{
    for (auto const key : keys)
        if (auto const value = query.find(key); value && !value->empty())
            return std::string{*value};
    return {};
}

std::string warning(Choosing choosing, std::string_view name, std::string_view value, std::string_view units)
{
    return fmt::format("99 {} value used: {}={} units={}",
                       choosing == Choosing::nearest ? "Nearest" : "Default", name, value, units);
}

void add_warning(DimensionWarnings& warnings, ChosenLevel const& level)
{
    if (level.choosing != Choosing::asked)
        warnings.push_back(warning(level.choosing, water_level_name, level_text(level.level), "m"));
}

void add_warnings(DimensionWarnings& warnings, Series const& series, Choice const& choice)
{
    for (std::size_t i = 0; i < series.dimensions.size(); ++i)
        if (choice.choosing[i] != Choosing::asked)
            warnings.push_back(warning(choice.choosing[i], series.dimensions[i].name(),
                                       series.dimensions[i].values[choice.member->values[i]].text,
                                       series.dimensions[i].units));
}

std::string& text_of(DimensionTexts& texts, Dimension const& dimension)
{
    return dimension.kind == Dimension::Kind::time ? texts.time : texts.elevation;
}

} // namespace

DimensionTexts dimensions_of(Query const& query)
{
    return {.time = first_said(query, {"TIME", "DIM_TIME"}),
            .elevation = first_said(query, {"ELEVATION", "DIM_ELEVATION"}),
            .water_level = first_said(query, {"DIM_WATER_LEVEL", "WATER_LEVEL"})};
}

PlainAddress cut_dimensions(std::string_view path, Layer const* layer)
{
    auto const style = path.find('/');
    auto const set = style == std::string_view::npos ? style : path.find('/', style + 1);
    if (layer == nullptr || set == std::string_view::npos)
        return {std::string{path}, {}};
    auto rest = path.substr(set + 1);
    if (layer->find_link(rest.substr(0, rest.find('/'))) != nullptr)
        return {std::string{path}, {}};
    DimensionTexts texts;
    if (layer->series)
        for (auto const& dimension : layer->series->dimensions)
            text_of(texts, dimension) = cut_piece(rest, '/');
    if (find_water_style(*layer))
        texts.water_level = cut_piece(rest, '/');
    return {fmt::format("{}/{}", path.substr(0, set), rest), std::move(texts)};
}

namespace {

/// A layer, or the member of a series, in a style of that name; of a product the layer that it shows.
StyledLayer shown_as(std::shared_ptr<Layer const> layer, LayerStyle const& style)
{
    auto const* own = layer->find_style(style.identifier);
    auto const* drawn = own ? own : &style;
    return {drawn->shown ? drawn->shown : std::move(layer), drawn};
}

/// A style of water is drawn at the level that is wanted; of others nothing is returned.
Result<std::optional<ChosenLevel>> level_for(LayerStyle const& style, DimensionTexts const& wanted)
{
    if (!style.levels)
        return std::optional<ChosenLevel>{};
    auto const chosen = choose_level(*style.levels, wanted.water_level, std::chrono::system_clock::now());
    if (!chosen)
        return chosen.error();
    return std::optional{*chosen};
}

Result<std::shared_ptr<Layer const>> member_for(std::shared_ptr<Layer const> const& layer,
                                                DimensionTexts const& wanted)
{
    if (!layer->series)
        return layer;
    auto const choice = choose(*layer->series, wanted);
    if (!choice)
        return choice.error();
    return choice->member->layer;
}

} // namespace

Result<TileRequest> tile_of_member(TileRequest tile, DimensionTexts const& wanted)
{
    auto member = member_for(tile.layer, wanted);
    if (!member)
        return member.error();
    auto drawn = shown_as(*std::move(member), *tile.style);
    if (drawn.layer != tile.layer) {
        auto const& set = tile.link->set->id;
        tile.link = drawn.layer->find_link(set); // a series has the sets of all members
        if (!tile.link)
            return OgcError{"InvalidParameterValue", "TileMatrixSet",
                            fmt::format("The style is not offered in \"{}\".", set)};
        tile.layer = std::move(drawn.layer);
    }
    auto const level = level_for(*drawn.style, wanted);
    if (!level)
        return level.error();
    tile.style = *level ? (*level)->style : drawn.style;
    return tile;
}

DimensionTexts asked_values(Series const& series, Choice const& choice)
{
    DimensionTexts texts;
    for (std::size_t i = 0; i < series.dimensions.size(); ++i)
        if (auto const& dimension = series.dimensions[i]; choice.choosing[i] != Choosing::by_default)
            text_of(texts, dimension) = dimension.values[choice.member->values[i]].text;
    return texts;
}

std::optional<OgcError> add_asked_level(DimensionTexts& values, LayerStyle const& style,
                                        DimensionTexts const& wanted)
{
    auto const level = level_for(style, wanted);
    if (!level)
        return level.error();
    if (*level && (*level)->choosing != Choosing::by_default)
        values.water_level = (*level)->style->is_passing ? "current" : level_text((*level)->level);
    return std::nullopt;
}

Result<DimensionWarnings> choose_members(std::vector<StyledLayer>& layers, DimensionTexts const& wanted)
{
    DimensionWarnings warnings;
    std::map<Series const*, std::shared_ptr<Layer const>> chosen; // a map may name a series many times
    for (auto& styled : layers) {
        auto member = styled.layer;
        if (auto const series = styled.layer->series) {
            auto& known = chosen[series.get()];
            if (!known) {
                auto const choice = choose(*series, wanted);
                if (!choice)
                    return choice.error();
                add_warnings(warnings, *series, *choice);
                known = choice->member->layer;
            }
            member = known;
        }
        styled = shown_as(std::move(member), *styled.style);
        auto const level = level_for(*styled.style, wanted);
        if (!level)
            return level.error();
        if (*level) {
            add_warning(warnings, **level);
            styled.style = (*level)->style;
        }
    }
    return warnings;
}

Reply with_warnings(Reply reply, DimensionWarnings const& warnings)
{
    if (warnings.empty())
        return reply;
    auto const key = fmt::format("{}", fmt::join(warnings, " "));
    return changed(std::move(reply), key, [warnings](Response& response) {
        for (auto const& text : warnings)
            response.headers.emplace_back("Warning", text);
    });
}

OgcError as_wmts(OgcError error)
{
    if (error.code == "InvalidDimensionValue") {
        error.code = "InvalidParameterValue";
        if (error.locator == water_level_name)
            error.locator = water_level_identifier;
        else
            error.locator.front() = upper_case(error.locator.front());
    }
    return error;
}

std::string_view identifier_of(Dimension const& dimension)
{
    return dimension.kind == Dimension::Kind::time ? "Time" : "Elevation";
}

} // namespace ardoise
