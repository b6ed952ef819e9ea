// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/band_meaning.hpp"

#include "pyramid/sources/dataset.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ardoise {

namespace {

std::string category(GDALRasterBand& band, int index)
{
    auto* const* names = band.GetCategoryNames();
    for (int i = 0; names && names[i]; ++i)
        if (i == index)
            return CPLIsUTF8(names[i], -1) ? names[i] : "";
    return {};
}

bool is_padding(GDALColorEntry const& colour, std::string const& label)
{
    return colour.c1 == 0 && colour.c2 == 0 && colour.c3 == 0 && label.empty();
}

/// How many entries of the palette are there for something.
int count_meant(GDALColorTable const& colours, GDALRasterBand& band)
{
    int count = colours.GetColorEntryCount();
    while (count > 0 && is_padding(*colours.GetColorEntry(count - 1), category(band, count - 1)))
        --count;
    return count;
}

Json class_json(int index, GDALColorEntry const& colour, std::string const& label)
{
    auto json = Json::object(
        {{"value", index},
         {"colour", Json::array({int{colour.c1}, int{colour.c2}, int{colour.c3}, int{colour.c4}})}});
    if (!label.empty())
        json.set("label", label);
    return json;
}

} // namespace

bool is_alpha(std::filesystem::path const& file, SourceOptions const& options, int band)
{
    auto const dataset = open_dataset(file, options.variable);
    return band <= dataset->GetRasterCount() &&
           dataset->GetRasterBand(band)->GetColorInterpretation() == GCI_AlphaBand;
}

Json classes_of(std::filesystem::path const& file, SourceOptions const& options)
{
    auto classes = Json::array();
    auto const dataset = open_dataset(file, options.variable);
    auto& band = *dataset->GetRasterBand(1);
    auto const* colours = band.GetColorTable();
    if (!colours || options.palette == PaletteSamples::colours)
        return classes;
    int has_nodata = 0;
    double const nodata = options.nodata.value_or(band.GetNoDataValue(&has_nodata));
    bool const knows_nodata = options.nodata || has_nodata != 0;
    for (int index = 0; index < count_meant(*colours, band); ++index)
        if (!knows_nodata || nodata != index)
            classes.add(class_json(index, *colours->GetColorEntry(index), category(band, index)));
    return classes;
}

} // namespace ardoise
