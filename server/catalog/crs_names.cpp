// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/crs_names.hpp"

#include "pyramid/base/letter_case.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace ardoise {

namespace {

/// What PROJ's database holds to be equal (a test asks it), and the names that Web Mercator had before the
/// EPSG gave it a number. Not here: IGNF:ETRS89G and its like, whose longitude comes first.
constexpr OtherCode others[] = {{"EPSG:900913", "EPSG:3857"},
                                {"EPSG:102100", "EPSG:3857"},
                                {"EPSG:102113", "EPSG:3857"},
                                {"ESRI:102100", "EPSG:3857"},
                                {"ESRI:102113", "EPSG:3857"},
                                {"IGNF:WGS84WMSV", "EPSG:3857"},
                                {"OGC:CRS84", "CRS:84"},
                                {"IGNF:WGS84G", "CRS:84"},
                                {"IGNF:WGS84GDD", "CRS:84"},
                                {"ESRI:104129", "EPSG:4258"},
                                {"ESRI:104613", "EPSG:4258"},
                                {"IGNF:LAMB93", "EPSG:2154"},
                                {"IGNF:RGF93LAMB93", "EPSG:2154"},
                                {"ESRI:102110", "EPSG:2154"},
                                {"IGNF:RGF93CC42", "EPSG:3942"},
                                {"IGNF:RGF93CC43", "EPSG:3943"},
                                {"IGNF:RGF93CC44", "EPSG:3944"},
                                {"IGNF:RGF93CC45", "EPSG:3945"},
                                {"IGNF:RGF93CC46", "EPSG:3946"},
                                {"IGNF:RGF93CC47", "EPSG:3947"},
                                {"IGNF:RGF93CC48", "EPSG:3948"},
                                {"IGNF:RGF93CC49", "EPSG:3949"},
                                {"IGNF:RGF93CC50", "EPSG:3950"},
                                {"EPSG:27582", "EPSG:27572"},
                                {"IGNF:LAMBE", "EPSG:27572"},
                                {"IGNF:LAMB2C", "EPSG:27572"},
                                {"IGNF:NTFLAMB2C", "EPSG:27572"},
                                {"IGNF:NTFLAMB2E", "EPSG:27572"},
                                {"IGNF:ETRS89UTM30", "EPSG:25830"},
                                {"IGNF:UTM30ETRS89", "EPSG:25830"},
                                {"IGNF:ETRS89UTM31", "EPSG:25831"},
                                {"IGNF:UTM31ETRS89", "EPSG:25831"},
                                {"IGNF:ETRS89UTM32", "EPSG:25832"},
                                {"IGNF:UTM32ETRS89", "EPSG:25832"},
                                {"IGNF:UTM30W84", "EPSG:32630"},
                                {"IGNF:WGS84UTM30", "EPSG:32630"},
                                {"ESRI:102580", "EPSG:32630"},
                                {"IGNF:UTM31W84", "EPSG:32631"},
                                {"IGNF:WGS84UTM31", "EPSG:32631"},
                                {"IGNF:UTM32W84", "EPSG:32632"},
                                {"IGNF:WGS84UTM32", "EPSG:32632"},
                                {"ESRI:102570", "EPSG:32620"},
                                {"ESRI:102571", "EPSG:32621"},
                                {"ESRI:102572", "EPSG:32622"},
                                {"IGNF:RGAF09UTM20", "EPSG:5490"},
                                {"IGNF:UTM22RGFG95", "EPSG:2972"},
                                {"IGNF:RGFG95UTM22", "EPSG:2972"},
                                {"IGNF:RGSPM06U21", "EPSG:4467"},
                                {"IGNF:RGM04UTM38S", "EPSG:4471"},
                                {"IGNF:RGR92UTM40S", "EPSG:2975"},
                                {"IGNF:RGPFUTM5S", "EPSG:3296"},
                                {"IGNF:RGPFUTM6S", "EPSG:3297"},
                                {"IGNF:RGPFUTM7S", "EPSG:3298"}};

bool starts_with(std::string_view text, std::string_view start)
{
    return equal_ignoring_case(text.substr(0, start.size()), start);
}

/// "EPSG:2154" of "EPSG::2154" or "EPSG:9.0:2154"; the text itself where it has not three parts.
std::string without_version(std::string_view text, char separator)
{
    auto const first = text.find(separator), last = text.rfind(separator);
    if (first == last || text.find(separator, first + 1) != last)
        return std::string{text};
    return fmt::format("{}:{}", text.substr(0, first), text.substr(last + 1));
}

} // namespace

std::string code_in(std::string_view name)
{
    for (std::string_view const prefix : {"urn:ogc:def:crs:", "urn:x-ogc:def:crs:"})
        if (starts_with(name, prefix))
            return without_version(name.substr(prefix.size()), ':');
    for (std::string_view const prefix :
         {"http://www.opengis.net/def/crs/", "https://www.opengis.net/def/crs/"})
        if (starts_with(name, prefix))
            return without_version(name.substr(prefix.size()), '/');
    constexpr std::string_view gml_2 = "http://www.opengis.net/gml/srs/epsg.xml#";
    if (starts_with(name, gml_2))
        return fmt::format("EPSG:{}", name.substr(gml_2.size()));
    return std::string{name};
}

std::span<OtherCode const> other_codes()
{
    return others;
}

std::string_view usual_code(std::string_view code)
{
    using Codes = std::unordered_map<std::string_view, std::string_view, HashIgnoringCase, EqualIgnoringCase>;
    static Codes const usual(std::begin(others), std::end(others));
    auto const found = usual.find(code);
    return found == usual.end() ? code : found->second;
}

std::string const& identity_of(Crs const& crs)
{
    return crs.code().empty() ? crs.definition() : crs.code();
}

} // namespace ardoise
