// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/report_page.hpp"

#include "pyramid/build/lost_detail.hpp"
#include "pyramid/build/report/report_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace ardoise {

namespace {

constexpr char const* style = R"(
:root { color-scheme: light dark; --ink: #22282e; --soft: #66707a; --paper: #fbfbfa; --card: #fff; --line: #dfe3e6;
  --accent: #2f6f8f; --limits: #c2491d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --soft: #98a2ab; --paper: #15181b; --card: #1d2125;
  --line: #343a40; --accent: #7cc0e0; --limits: #ff9a6b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
p { margin: .4rem 0; } .soft, figcaption { color: var(--soft); }
.note { margin-top: 1rem; padding-left: .8rem; border-left: 3px solid var(--limits); }
dl.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .75rem; margin: 1.75rem 0 0; }
dl.cards div { padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
dl.cards dt { color: var(--soft); font-size: .85rem; } dl.cards dd { margin: 0; font-size: 1.3rem; }
dl.cards dd small { display: block; color: var(--soft); font-size: .8rem; line-height: 1.35; }
figure { margin: 0; } svg { display: block; width: 100%; max-height: 75vh; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--card); }
svg rect { fill: none; vector-effect: non-scaling-stroke; }
.source { stroke: var(--accent); stroke-width: 1; } .limits { stroke: var(--limits); stroke-width: 1.5; stroke-dasharray: 6 4; }
figcaption { margin-top: .5rem; font-size: .9rem; } figcaption i { display: inline-block; width: 1.6rem;
  margin: 0 .3rem .25rem .8rem; border-top: 2px solid var(--accent); }
figcaption i:first-child { margin-left: 0; } figcaption i.dashed { border-top: 2px dashed var(--limits); }
.wide { overflow-x: auto; } table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { color: var(--soft); font-size: .85rem; font-weight: 500; } th:first-child, td:first-child { text-align: left; }
tfoot td { font-weight: 600; border-bottom: 0; } ul { margin: .4rem 0; padding-left: 1.2rem; }
code { overflow-wrap: anywhere; font-size: .9em; }
)";

constexpr std::size_t most_sources_named = 8;

/// Safe between tags and in quoted attributes.
std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : text)
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    return out;
}

/// 1,234,567
template <typename Integer>
std::string grouped(Integer number)
{
    auto text = std::to_string(number);
    for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > 0; place -= 3)
        text.insert(static_cast<std::size_t>(place), ",");
    return text;
}

/// Three figures that matter, and the unit that suits.
std::string with_unit(double value, std::initializer_list<char const*> units)
{
    auto unit = units.begin();
    while (value >= 1000 && unit + 1 != units.end()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", value, value < 10 ? 2 : value < 100 ? 1 : 0, *unit);
}

std::string bytes_text(double bytes)
{
    return bytes < 1000 ? fmt::format("{:.0f} B", bytes) : with_unit(bytes / 1000, {"kB", "MB", "GB", "TB"});
}

std::string pixels_text(double pixels)
{
    return with_unit(pixels / 1e6, {"Mpx", "Gpx", "Tpx"});
}

std::string duration_text(double seconds)
{
    auto const whole = std::llround(seconds);
    if (seconds < 100)
        return fmt::format("{:.1f} s", seconds);
    if (whole < 6000)
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string card(char const* term, std::string const& value, std::string const& remark)
{
    return fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", term, value, remark);
}

std::string bands_text(std::vector<int> const& bands)
{
    std::string text;
    for (int const band : bands)
        text += (text.empty() ? "" : ", ") + std::to_string(band);
    return (bands.size() == 1 ? "band " : "bands ") + text;
}

bool is_lossy(BuildFacts const& facts)
{
    return exact_twin(facts.pyramid.format).has_value();
}

std::string format_text(BuildFacts const& facts)
{
    std::string text{facts.pyramid.format.name};
    if (is_lossy(facts))
        text += fmt::format(", quality {}", facts.product.quality);
    return text;
}

std::string heading(BuildFacts const& facts)
{
    auto const& pyramid = facts.pyramid;
    return fmt::format(
        "<h1>{}</h1>\n<p class=\"soft\">{}, {}, in the tile matrix set {} ({}), levels {} to {}, revision "
        "{}</p>\n",
        escaped(pyramid.name), bands_text(facts.product.bands), format_text(facts), escaped(pyramid.set->id),
        escaped(pyramid.set->crs.name()), escaped(pyramid.levels.front().id),
        escaped(pyramid.levels.back().id), pyramid.revision);
}

/// The size of a base pixel, in metres where the CRS has a plane.
std::string cell_text(BuildFacts const& facts)
{
    return pixel_text(facts.levels.back().cell_size, facts.pyramid.set->crs) + " a pixel";
}

std::string likeness_card(BuildFacts const& facts)
{
    if (!facts.sharpness)
        return card("Likeness", "unknown", escaped(facts.no_sharpness));
    auto const& sharpness = *facts.sharpness;
    return card(
        "Likeness", likeness_text(sharpness),
        fmt::format("to the sources, resampled to this level&#39;s {}, in {} windows of a tile{}",
                    cell_text(facts), sharpness.windows,
                    sharpness.equal_but_for_rounding() ? "" : " (PSNR: 40 dB and more look the same)"));
}

std::string detail_card(BuildFacts const& facts)
{
    auto const& sharpness = *facts.sharpness;
    auto const steps =
        fmt::format("mean step between neighbours: {:.3g} stored, {:.3g} in the sources, resampled to this "
                    "level&#39;s {}{}",
                    sharpness.gradient, sharpness.source_gradient, cell_text(facts),
                    sharpness.detail() > 1 ? "; above 100 % compression adds steps of its own" : "");
    return card("Detail at this level",
                sharpness.equal_but_for_rounding() ? likeness_text(sharpness)
                                                   : fmt::format("{:.1f} %", 100 * sharpness.detail()),
                steps);
}

std::string effort_card(BuildFacts const& facts, BuildPlan const& plan)
{
    auto const& effort = *facts.effort;
    double const baked = static_cast<double>(plan.baked_pixels()) * static_cast<double>(effort.patches) /
                         static_cast<double>(plan.patches.size());
    return card("Baked in", duration_text(effort.seconds),
                fmt::format("{} of {} patches, {:.1f} Mpx/s, all products of the build together",
                            grouped(effort.patches), grouped(plan.patches.size()),
                            baked / 1e6 / std::max(effort.seconds, 1e-3)));
}

/// Empty where nothing is lost.
std::string lost_detail_note(BuildPlan const& plan)
{
    auto const text = lost_detail_text(plan);
    return text.empty() ? "" : fmt::format("<p class=\"note\">Note: {}.</p>\n", escaped(text));
}

std::string holes_card(BuildFacts const& facts)
{
    return card("Without data", fmt::format("{:.2f} %", 100 * facts.holes()),
                "of the ground under the sources");
}

std::string cards(BuildFacts const& facts, PreparedBuild const& prepared)
{
    std::int64_t tiles = 0;
    for (auto const& level : facts.levels)
        tiles += level.tiles;
    auto text = std::string{"<dl class=\"cards\">\n"};
    text += card("Size", bytes_text(static_cast<double>(facts.bytes())),
                 fmt::format("{} tiles in {} slabs, with masks and lossless twins", grouped(tiles),
                             grouped(facts.slabs())));
    text += card("Finest level", cell_text(facts),
                 fmt::format("{} of data", pixels_text(static_cast<double>(facts.data_pixels))));
    text += holes_card(facts);
    text += likeness_card(facts);
    if (facts.sharpness)
        text += detail_card(facts);
    if (facts.effort)
        text += effort_card(facts, prepared.plan);
    return text + "</dl>\n";
}

std::string map_figure(BuildFacts const& facts, PreparedBuild const& prepared,
                       std::optional<Preview> const& preview)
{
    auto const box = facts.pyramid.extent();
    return fmt::format(
        "<h2>Where it lies</h2>\n<figure>\n{}<figcaption><i></i>sources <i class=\"dashed\"></i>limits of "
        "the levels. "
        "Finest level: {:.10g} to {:.10g} east, {:.10g} to {:.10g} north.</figcaption>\n</figure>\n",
        report_map(facts.pyramid, prepared, preview), box.min_x, box.max_x, box.min_y, box.max_y);
}

std::string table_of_levels(BuildFacts const& facts)
{
    std::string text = "<h2>Levels</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>level</th><th>cell "
                       "size</th><th>tiles</th><th>slabs</th><th>size</th><th>mean tile</th><th>largest "
                       "tile</th></tr></thead>\n<tbody>\n";
    for (auto level = facts.levels.rbegin(); level != facts.levels.rend(); ++level)
        text += fmt::format(
            "<tr><td>{}</td><td>{:.6g}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escaped(level->id), level->cell_size, grouped(level->tiles), grouped(level->slabs),
            bytes_text(static_cast<double>(level->bytes)),
            bytes_text(static_cast<double>(level->tile_bytes) /
                       static_cast<double>(std::max<std::int64_t>(1, level->tiles))),
            bytes_text(static_cast<double>(level->largest_tile)));
    return text + "</tbody>\n</table></div>\n";
}

std::string sources_section(PreparedBuild const& prepared)
{
    auto text = fmt::format("<h2>Sources</h2>\n<p>{} image{} on {} grid{}, named as</p>\n<ul>\n",
                            grouped(prepared.sources.size()), prepared.sources.size() == 1 ? "" : "s",
                            grouped(prepared.mosaics.size()), prepared.mosaics.size() == 1 ? "" : "s");
    auto const& named = prepared.options.sources;
    for (std::size_t i = 0; i < std::min(named.size(), most_sources_named); ++i)
        text += fmt::format("<li><code>{}</code></li>\n", escaped(named[i]));
    if (named.size() > most_sources_named)
        text += fmt::format("<li>and {} more</li>\n", grouped(named.size() - most_sources_named));
    return text + "</ul>\n";
}

} // namespace

std::string report_page(BuildFacts const& facts, PreparedBuild const& prepared,
                        std::optional<Preview> const& preview)
{
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
                       "name=\"viewport\" "
                       "content=\"width=device-width\">\n<title>{}: what was "
                       "built</title>\n<style>{}</style>\n</head>\n"
                       "<body>\n",
                       escaped(facts.pyramid.name), style) +
           heading(facts) + lost_detail_note(prepared.plan) + cards(facts, prepared) +
           map_figure(facts, prepared, preview) + table_of_levels(facts) + sources_section(prepared) +
           "</body>\n</html>\n";
}

} // namespace ardoise
