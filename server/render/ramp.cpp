// SPDX-License-Identifier: Apache-2.0
#include "server/render/ramp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ardoise {

namespace {

using Colours = std::vector<PaletteColour>;

/// Shares of a ramp: values that are nearer than this count as one place, and colours jump there.
constexpr double jump = 0.001;
/// An end of one colour is no longer than this share of what lies within.
constexpr double longest_end = 0.2;
/// Values that lie no further apart are one: there are not digits enough for ticks between them.
constexpr double shortest = 1e-305;
/// From the narrowest pair of values to the widest: where they differ more, they stand at equal distances.
constexpr double most_uneven = 10;
/// Values that take more letters are rounded.
constexpr std::size_t longest_value = 9;

double length_of(Colours const& colours)
{
    return colours.back().value - colours.front().value;
}

double least_distance(Colours const& colours)
{
    auto least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < colours.size(); ++i)
        if (auto const distance = colours[i].value - colours[i - 1].value; distance > 0)
            least = std::min(least, distance);
    return least;
}

bool is_same(PaletteColour const& a, PaletteColour const& b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue && a.alpha == b.alpha;
}

Colours within(Palette const& palette, ValueSpan span)
{
    auto const low = std::max(span.low, palette.colours.front().value),
               high = std::min(span.high, palette.colours.back().value);
    if (low >= high)
        return palette.colours;
    auto const at = [&](double value) {
        auto colour = colour_at(palette, value);
        colour.value = value;
        return colour;
    };
    Colours inside{at(low)};
    for (auto const& colour : palette.colours)
        if (colour.value > low && colour.value < high)
            inside.push_back(colour);
    inside.push_back(at(high));
    return inside;
}

/// Ends that are transparent, and jumps to what is not.
void drop_unseen_ends(Colours& colours)
{
    auto const is_unseen = [&](PaletteColour const& end, PaletteColour const& next) {
        return end.alpha == 0 &&
               (next.alpha == 0 || std::abs(end.value - next.value) < jump * length_of(colours));
    };
    auto const has_more = [&](std::size_t first, std::size_t last) {
        return colours.size() > 2 && colours[first].value < colours[last].value;
    };
    while (has_more(1, colours.size() - 1) && is_unseen(colours[0], colours[1]))
        colours.erase(colours.begin());
    while (has_more(0, colours.size() - 2) && is_unseen(colours.back(), colours[colours.size() - 2]))
        colours.pop_back();
}

/// Of equal colours in a row the first and the last say all.
void join_equal(Colours& colours)
{
    for (std::size_t i = 1; i + 1 < colours.size();)
        if (is_same(colours[i - 1], colours[i]) && is_same(colours[i], colours[i + 1]))
            colours.erase(colours.begin() + static_cast<std::ptrdiff_t>(i));
        else
            ++i;
}

bool has_flat_start(Colours const& colours)
{
    return colours.size() > 2 && is_same(colours[0], colours[1]);
}

bool has_flat_end(Colours const& colours)
{
    return colours.size() > 2 && is_same(colours.back(), colours[colours.size() - 2]);
}

void shorten_flat_ends(Colours& colours)
{
    bool const flat_start = has_flat_start(colours), flat_end = has_flat_end(colours);
    auto const& first = flat_start ? colours[1] : colours.front();
    auto const& last = flat_end ? colours[colours.size() - 2] : colours.back();
    auto const longest = longest_end * (last.value - first.value);
    if (longest <= 0)
        return;
    if (flat_start)
        colours.front().value = std::max(colours.front().value, first.value - longest);
    if (flat_end)
        colours.back().value = std::min(colours.back().value, last.value + longest);
}

bool is_uneven(Colours const& colours)
{
    auto const least = jump * length_of(colours);
    double narrowest = length_of(colours), widest = 0;
    for (std::size_t i = 1; i < colours.size(); ++i)
        if (auto const gap = colours[i].value - colours[i - 1].value; gap >= least) {
            narrowest = std::min(narrowest, gap);
            widest = std::max(widest, gap);
        }
    return widest > most_uneven * narrowest;
}

std::vector<double> even_places(Colours const& colours)
{
    auto const least = jump * length_of(colours);
    std::vector<double> places{0};
    for (std::size_t i = 1; i < colours.size(); ++i)
        places.push_back(places.back() + (colours[i].value - colours[i - 1].value >= least ? 1 : 0));
    for (auto const whole = places.back(); auto& place : places)
        place /= whole;
    return places;
}

std::vector<double> proportional_places(Colours const& colours)
{
    std::vector<double> places;
    for (auto const& colour : colours)
        places.push_back((colour.value - colours.front().value) / length_of(colours));
    return places;
}

/// Fewer digits before its zeros: 0 is rounder than 0.01, and -500 than -501.
bool is_rounder(double a, double b)
{
    auto const digits = [](double value) {
        auto text = number_text(value, Language::english);
        while (text.size() > 1 && text.back() == '0')
            text.pop_back();
        return text.size();
    };
    return digits(a) < digits(b);
}

std::vector<RampTick> ticks_of_palette(Ramp const& ramp, int most, Language language)
{
    auto const& colours = ramp.colours;
    auto const& places = ramp.places;
    auto const first = std::size_t{has_flat_start(colours) ? 1U : 0U},
               end = colours.size() - (has_flat_end(colours) ? 1 : 0);
    std::vector<RampTick> ticks;
    double last = 0;
    for (auto i = first; i < end; ++i) {
        bool const jumps = !ticks.empty() && places[i] == ticks.back().place;
        if (jumps && is_rounder(colours[i].value, last))
            ticks.pop_back();
        else if (!ticks.empty() && places[i] - ticks.back().place < 1.0 / most)
            continue;
        last = colours[i].value;
        ticks.push_back({places[i], with_unit(value_text(colours, i, language), ramp.unit, language)});
    }
    return ticks;
}

/// `mantissa` times ten to the power of `exponent`.
struct RoundStep {
    int mantissa = 1, exponent = 0;

    double times(double count) const
    {
        auto const power = std::pow(10, std::abs(exponent));
        return exponent < 0 ? count * mantissa / power : count * mantissa * power;
    }
};

/// The least that is no smaller.
RoundStep round_step(double least)
{
    auto const exponent = static_cast<int>(std::floor(std::log10(least)));
    for (auto const mantissa : {1, 2, 5})
        if (RoundStep const step{mantissa, exponent}; step.times(1) >= least)
            return step;
    return {1, exponent + 1};
}

std::vector<RampTick> ticks_of_numbers(Ramp const& ramp, int most, Language language)
{
    auto const low = ramp.colours.front().value, length = length_of(ramp.colours);
    auto const step = round_step(length / most);
    auto const slack = 1e-6; // of a step: 0.3 counts as three times 0.1
    auto const first = std::ceil(low / step.times(1) - slack),
               last = std::floor((low + length) / step.times(1) + slack);
    std::vector<RampTick> ticks;
    for (int i = 0; i <= most && first + i <= last; ++i) {
        auto const value = step.times(first + i);
        ticks.push_back(
            {std::clamp((value - low) / length, 0.0, 1.0),
             with_unit(number_text(value, std::max(0, -step.exponent), language), ramp.unit, language)});
    }
    return ticks;
}

std::vector<RampTick> ticks_of_compass(Ramp const& ramp, int most, Language language)
{
    auto const& names = words_in(language).compass;
    auto const low = ramp.colours.front().value, length = length_of(ramp.colours);
    bool const has_room = 45 / length >= 1.0 / most;
    std::vector<RampTick> ticks;
    for (std::size_t eighth = 0; eighth <= 8; eighth += has_room ? 1 : 2)
        if (auto const place = (45.0 * static_cast<double>(eighth) - low) / length; place >= 0 && place <= 1)
            ticks.push_back({place, std::string{names[eighth % 8]}});
    return ticks;
}

} // namespace

std::optional<Ramp> ramp_of(Palette const& palette, std::optional<ValueSpan> span)
{
    bool const blends = palette.rgb_continuous || palette.alpha_continuous;
    if (!blends || !(length_of(palette.colours) > 0) || !std::isfinite(length_of(palette.colours)))
        return std::nullopt;
    Ramp ramp{.colours = span ? within(palette, *span) : palette.colours,
              .places = {},
              .blends_rgb = palette.rgb_continuous,
              .blends_alpha = palette.alpha_continuous,
              .unit = {}};
    if (palette.no_alpha)
        for (auto& colour : ramp.colours)
            colour.alpha = 255;
    drop_unseen_ends(ramp.colours);
    join_equal(ramp.colours);
    shorten_flat_ends(ramp.colours);
    if (length_of(ramp.colours) < shortest)
        return std::nullopt;
    ramp.is_even = is_uneven(ramp.colours);
    ramp.places = ramp.is_even ? even_places(ramp.colours) : proportional_places(ramp.colours);
    return ramp;
}

std::string value_text(Colours const& colours, std::size_t i, Language language)
{
    auto const text = number_text(colours[i].value, language);
    auto const least = least_distance(colours);
    if (text.size() <= longest_value || !std::isfinite(least))
        return text;
    auto const per_unit = std::pow(10, std::max(0.0, 1 - std::floor(std::log10(least))));
    return number_text(std::round(colours[i].value * per_unit) / per_unit, language);
}

std::vector<RampStop> stops_of(Ramp const& ramp)
{
    std::vector<RampStop> stops;
    for (std::size_t i = 0; i < ramp.colours.size(); ++i) {
        auto const& colour = ramp.colours[i];
        if (i > 0) {
            auto held = ramp.blends_rgb ? colour : ramp.colours[i - 1];
            held.alpha = ramp.blends_alpha ? colour.alpha : ramp.colours[i - 1].alpha;
            if (!is_same(held, colour))
                stops.push_back({ramp.places[i], held});
        }
        stops.push_back({ramp.places[i], colour});
    }
    return stops;
}

PaletteColour colour_at(std::vector<RampStop> const& stops, double place)
{
    auto const above = std::upper_bound(stops.begin(), stops.end(), place,
                                        [](double at, RampStop const& stop) { return at < stop.place; });
    if (above == stops.begin())
        return stops.front().colour;
    if (above == stops.end())
        return stops.back().colour;
    auto const& [low, from] = *(above - 1);
    auto const& [high, to] = *above;
    auto const share = (place - low) / (high - low);
    auto const mix = [share](std::uint8_t a, std::uint8_t b) {
        return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
    };
    return {from.value, mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue),
            mix(from.alpha, to.alpha)};
}

std::vector<RampTick> ticks_of(Ramp const& ramp, int most, Language language)
{
    switch (ramp.labels) {
    case RampLabels::compass:
        return ticks_of_compass(ramp, most, language);
    case RampLabels::light:
        return {{0, std::string{words_in(language).shade}}, {1, std::string{words_in(language).light}}};
    case RampLabels::numbers:
        break;
    }
    return ramp.is_even ? ticks_of_palette(ramp, most, language) : ticks_of_numbers(ramp, most, language);
}

} // namespace ardoise
