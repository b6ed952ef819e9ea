// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/recipe.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json_path.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <cmath>

namespace ardoise {

namespace {

constexpr int highest_version = 1;

Json source_options_json(SourceOptions const& options)
{
    auto json = Json::object({{"crs", options.crs},
                              {"palette", options.palette == PaletteSamples::indices ? "indices" : "colours"},
                              {"allow_vrt", options.allow_vrt}});
    if (!options.variable.empty())
        json.set("variable", options.variable);
    if (options.nodata)
        json.set("nodata", fmt::format("{}", *options.nodata)); // as text: JSON has no NaN
    if (options.nodata_edge)
        json.set("nodata_edge", fmt::format("{}", *options.nodata_edge));
    if (options.nodata_edge_near > 0)
        json.set("nodata_edge_near", fmt::format("{}", options.nodata_edge_near));
    return json;
}

std::optional<double> read_value(JsonReader const& json, char const* member)
{
    auto const text = json.find(member);
    if (!text)
        return std::nullopt;
    if (text->string() == "nan")
        return std::nan("");
    auto const value = parse_number<double>(text->string());
    if (!value)
        text->refuse("expected a number, as text");
    return value;
}

SourceOptions read_source_options(JsonReader const& json)
{
    SourceOptions options;
    options.crs = json.at("crs").string();
    options.palette =
        json.at("palette").string() == "indices" ? PaletteSamples::indices : PaletteSamples::colours;
    options.allow_vrt = json.at("allow_vrt").boolean();
    if (auto const variable = json.find("variable"))
        options.variable = variable->string();
    options.nodata = read_value(json, "nodata");
    options.nodata_edge = read_value(json, "nodata_edge");
    options.nodata_edge_near = read_value(json, "nodata_edge_near").value_or(0);
    return options;
}

Json product_json(Product const& product)
{
    auto bands = Json::array();
    for (int const band : product.bands)
        bands.add(band);
    return Json::object(
        {{"name", product.name}, {"bands", bands}, {"format", product.format}, {"quality", product.quality}});
}

Product read_product(JsonReader const& json)
{
    Product product{.name = json.at("name").string(), .bands = {}, .format = json.at("format").string()};
    check_name(product.name);
    product.quality = static_cast<int>(json.at("quality").integer(1, 100));
    for (auto const& band : json.at("bands").items())
        product.bands.push_back(static_cast<int>(band.integer(1, 65'535)));
    return product;
}

/// As parse_resampling() reads it again.
std::string resampling_name(Resampling resampling)
{
    return resampling == Resampling::mode ? "mode" : std::string{rok4_name(resampling)};
}

Json recipe_json(std::span<Product const> products, PreparedBuild const& prepared)
{
    auto const& options = prepared.options;
    auto const& set = *prepared.plan.set;
    auto made = Json::array();
    for (auto const& product : products)
        made.add(product_json(product));
    auto named = Json::array();
    for (auto const& source : options.sources)
        named.add(path_json(std::filesystem::absolute(source).lexically_normal()));
    return Json::object({{"version", highest_version},
                         {"products", std::move(made)},
                         {"tile_matrix_set", set.id},
                         {"top", set.matrices[prepared.plan.levels.front().matrix].id},
                         {"bottom", set.matrices[prepared.plan.levels.back().matrix].id},
                         {"resampling", resampling_name(options.resampling)},
                         {"slab", Json::array({options.slab_width, options.slab_height})},
                         {"rok4_strict", options.rok4_strict},
                         {"source_options", source_options_json(options.source)},
                         {"named_sources", std::move(named)},
                         {"files", to_json(prepared.sources)}});
}

} // namespace

std::string recipe_of(Product const& product, PreparedBuild const& prepared)
{
    return recipe_json({&product, 1}, prepared).text();
}

Json to_json(PreparedBuild const& prepared)
{
    return recipe_json(prepared.options.products, prepared);
}

Recipe read_recipe(JsonReader const& json)
{
    json.at("version").integer(1, highest_version);
    Recipe recipe;
    auto& options = recipe.options;
    for (auto const& product : json.at("products").items())
        options.products.push_back(read_product(product));
    for (auto const& source : json.at("named_sources").items())
        options.sources.push_back(read_path(source).string());
    options.tile_matrix_set = json.at("tile_matrix_set").string();
    options.top = json.at("top").string();
    options.bottom = json.at("bottom").string();
    auto const resampling = parse_resampling(json.at("resampling").string());
    if (!resampling)
        json.at("resampling").refuse("is not known");
    options.resampling = *resampling;
    auto const slab = json.at("slab").items();
    if (slab.size() != 2)
        json.at("slab").refuse("expected two numbers");
    options.slab_width = static_cast<std::int32_t>(slab[0].integer(1, 256));
    options.slab_height = static_cast<std::int32_t>(slab[1].integer(1, 256));
    options.rok4_strict = json.at("rok4_strict").boolean();
    options.source = read_source_options(json.at("source_options"));
    recipe.sources = read_source_records(json.at("files"));
    return recipe;
}

Recipe read_recipe(Pyramid const& pyramid, std::filesystem::path const& store)
{
    auto const file = pyramid.folder / recipe_name;
    auto const descriptor = descriptor_file(store, pyramid.name).string();
    if (std::error_code ignored; !std::filesystem::exists(file, ignored))
        fail("{}: is not there, as in a pyramid that another program has built: nobody knows what {} was "
             "made from, so it cannot be updated or repaired; take it away with `ardoise remove {}` and "
             "build it anew",
             file.string(), pyramid.name, descriptor);
    auto const document = read_json(file);
    JsonReader const json{document, file.string()};
    if (json.find("archive"))
        fail("{}: was imported from {}, and tiles that come in by their bytes have no recipe: it cannot be "
             "updated or repaired; take it away with `ardoise remove {}` and import it anew, or build it "
             "from its sources",
             descriptor, read_path(json.at("address")).string(), descriptor);
    if (auto const styling = json.find("styling"))
        fail("{0}: its tiles are pictures that a style makes of another pyramid: `ardoise style {1} --style "
             "{2} "
             "--into {3} --name {4}` brings them up to date; take it away first (`ardoise remove {0}`) to "
             "have "
             "damaged ones drawn anew",
             descriptor, (store / read_path(styling->at("of"))).string(), styling->at("style").string(),
             store.string(), pyramid.name);
    auto recipe = read_recipe(json);
    if (recipe.options.products.size() != 1 || recipe.options.products.front().name != pyramid.name)
        json.at("products").refuse(fmt::format("is not one product called {}", pyramid.name));
    recipe.options.store = store;
    return recipe;
}

} // namespace ardoise
