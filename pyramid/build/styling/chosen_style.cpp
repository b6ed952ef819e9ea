// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/styling/chosen_style.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/store/sample.hpp"
#include "styles/class_style.hpp"
#include "styles/style_library.hpp"

namespace ardoise {

namespace fs = std::filesystem;

namespace {

Style named_style(std::string const& wanted, fs::path const& folder, Pyramid const& pyramid)
{
    bool const is_file = fs::path{wanted}.extension() == ".json";
    if (!is_file && !is_plain_name(wanted))
        fail("\"{}\" is neither a style's name nor a file NAME.json", wanted);
    auto const file = is_file ? fs::path{wanted} : folder / (wanted + ".json");
    bool const is_there_too = is_file || is_there(file);
    StyleLibrary const library{is_there_too ? std::vector{file} : std::vector<fs::path>{}};
    for (auto const& mistake : library.mistakes())
        if (mistake.leaves_style_out) // the level of today is for servers
            fail("{}", mistake.reason);
    if (auto const* found = library.find(is_file ? file.stem().string() : wanted))
        return *found;
    if (wanted == "classes" && !pyramid.classes.empty())
        return class_style(pyramid);
    fail("there is no style \"{}\": there are {}, those of {}, and files NAME.json", wanted, library.names(),
         folder.string());
}

void take_water_level(Style& style, std::optional<double> level)
{
    if (!style.water && level)
        fail("the style {} is not of water, and has no level", style.identifier);
    if (!style.water)
        return;
    auto const lowest = level_text(style.water->lowest), highest = level_text(style.water->highest);
    if (!level)
        fail("the style {} is of water at many levels, and tiles hold one: name it, --water-level {} to {}",
             style.identifier, lowest, highest);
    if (!(*level >= style.water->lowest && *level <= style.water->highest)) // nor NaN
        fail("the style {} has water levels from {} to {}, not {}", style.identifier, lowest, highest,
             *level);
    set_level(style, *level);
}

} // namespace

Style choose_style(std::string const& wanted, fs::path const& folder, std::optional<double> water_level,
                   Pyramid const& pyramid)
{
    auto style = named_style(wanted, folder, pyramid);
    if (auto const why = misfit(style, pyramid))
        fail("the style {} {}", style.identifier, *why);
    if (style.shade && !style.palette)
        fail("the style {} has a \"shade\" and no palette that it would fall on; what is draped under it is "
             "drawn by the server alone",
             style.identifier);
    take_water_level(style, water_level);
    if (wants_sample(style))
        settle(style, sample_of(pyramid));
    return style;
}

} // namespace ardoise
