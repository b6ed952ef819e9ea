// SPDX-License-Identifier: Apache-2.0
// The codes that the standards have for exceptions: which of them the server sends, and upon what. WMS 1.3.0:
// OGC 06-042, table E.1; WMS 1.1.1: OGC 01-068r3, annex A.3; WMTS: OGC 07-057r7, 8 and OWS Common, OGC
// 06-121r3, table 25.
#include "pyramid/base/atomic_file.hpp"
#include "server/services/portal.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

using namespace ardoise;
using Catch::Contains;

namespace {

/// Layers "open" and "shut", of which the values of the latter are not told, and "years", which is "open" in
/// 2022.
class Services {
public:
    Services() : sites_{paint()}, router_{sites_, caches_} {}

    Response ask(std::string const& target) const
    {
        auto parsed = parse_target(target);
        Request request;
        request.path = std::move(parsed->first);
        request.query = std::move(parsed->second);
        return test::done(router_(request));
    }
    std::int64_t update_sequence() const { return sites_.current()->catalog->update_sequence(); }

private:
    std::shared_ptr<Site const> paint() const
    {
        for (auto const* name : {"open", "shut"})
            test::paint_pyramid(folder_.path(), {.name = name});
        write_atomically(folder_.path() / "layers/shut.json", R"({"queryable": false})");
        write_atomically(folder_.path() / "layers/years.json",
                         R"({"dimensions": {"members": [{"layer": "open", "time": "2022"}]}})");
        CatalogOptions options;
        options.store = folder_.path();
        return make_site(load_catalog(options), read_portal(folder_.path() / "no-portal"));
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_{CacheSizes{}};
    Published<Site> sites_;
    Router router_;
};

Services const& services()
{
    static Services const only;
    return only;
}

struct Code {
    char const* name;
    std::vector<std::string> requests; // each of which provokes it
    char const* why_never = "";        // where none does
};

std::string in_130(std::string const& rest)
{
    return "/wms?SERVICE=WMS&VERSION=1.3.0&CRS=EPSG:3857&" + rest;
}

std::string in_111(std::string const& rest)
{
    return "/wms?SERVICE=WMS&VERSION=1.1.1&SRS=EPSG:3857&" + rest;
}

std::string in_wmts(std::string const& rest)
{
    return "/wmts?SERVICE=WMTS&VERSION=1.0.0&" + rest;
}

std::string const frame = "&STYLES=&BBOX=0,0,9,9&WIDTH=9&HEIGHT=9";
std::string const map = "REQUEST=GetMap&FORMAT=image/png&LAYERS=open" + frame;
std::string const info = "REQUEST=GetFeatureInfo&LAYERS=open&QUERY_LAYERS=open&I=1&J=1&X=1&Y=1" + frame;
std::string const legend = "REQUEST=GetLegendGraphic&LAYER=open";
std::string const place = "&STYLE=&TILEMATRIXSET=PM&TILEMATRIX=3&TILEROW=4&TILECOL=5";
std::string const tile = "REQUEST=GetTile&LAYER=open&FORMAT=image/png" + place;
std::string const pixel = "REQUEST=GetFeatureInfo&LAYER=open&I=1&J=1&INFOFORMAT=text/plain" + place;

/// `text` with one piece replaced that must be there.
std::string with(std::string text, std::string const& piece, std::string const& other)
{
    auto const at = text.find(piece);
    REQUIRE(at != std::string::npos);
    return text.replace(at, piece.size(), other);
}

using InVersion = std::string (&)(std::string const&);

/// What both versions of WMS have.
std::vector<Code> codes_of_wms(InVersion in)
{
    auto const sequence = services().update_sequence();
    return {
        {"InvalidFormat",
         {in(with(map, "image/png", "image/gif")), in(info + "&INFO_FORMAT=image/png"),
          in(legend + "&FORMAT=image/gif")}},
        {"LayerNotDefined",
         {in(with(map, "=open", "=no")), in(with(info, "QUERY_LAYERS=open", "QUERY_LAYERS=no")),
          in(with(legend, "=open", "=no"))}},
        {"StyleNotDefined", {in(with(map, "STYLES=", "STYLES=no")), in(legend + "&STYLE=no")}},
        {"LayerNotQueryable", {in(with(info, "QUERY_LAYERS=open", "QUERY_LAYERS=shut"))}},
        {"CurrentUpdateSequence", {in(fmt::format("REQUEST=GetCapabilities&UPDATESEQUENCE={}", sequence))}},
        {"InvalidUpdateSequence",
         {in(fmt::format("REQUEST=GetCapabilities&UPDATESEQUENCE={}", sequence + 1))}},
        {"MissingDimensionValue", {}, "every dimension has a default"},
        {"InvalidDimensionValue",
         {in(with(map, "=open", "=years") + "&TIME=1999"),
          in(with(info, "QUERY_LAYERS=open", "QUERY_LAYERS=years") + "&TIME=1999"),
          in(with(legend, "=open", "=years") + "&TIME=1999")}},
        // These are not in the tables of both versions, and there is no better one.
        {"OperationNotSupported", {in("REQUEST=GetLunch")}},
        {"InvalidPoint", {in(with(with(info, "&I=1", "&I=9"), "&X=1", "&X=9"))}},
        {"MissingParameterValue", {in(with(map, "WIDTH=9", "")), in(with(info, "BBOX=0,0,9,9", ""))}},
        {"InvalidParameterValue", {in(with(map, "WIDTH=9", "WIDTH=0")), in(legend + "&WIDTH=0")}}};
}

std::vector<Code> codes_of_wms_130()
{
    auto codes = codes_of_wms(in_130);
    codes.push_back({"InvalidCRS",
                     {"/wms?SERVICE=WMS&VERSION=1.3.0&CRS=EPSG:1&" + map,
                      "/wms?SERVICE=WMS&VERSION=1.3.0&CRS=EPSG:1&" + info}});
    return codes;
}

std::vector<Code> codes_of_wms_111()
{
    auto codes = codes_of_wms(in_111);
    codes.push_back({"InvalidSRS",
                     {"/wms?SERVICE=WMS&VERSION=1.1.1&SRS=EPSG:1&" + map,
                      "/wms?SERVICE=WMS&VERSION=1.1.1&SRS=EPSG:1&" + info}});
    return codes;
}

std::vector<Code> codes_of_wmts()
{
    return {
        {"OperationNotSupported", {in_wmts(with(pixel, "LAYER=open", "LAYER=shut"))}},
        {"MissingParameterValue", {in_wmts(with(tile, "&TILEROW=4", "")), in_wmts(with(pixel, "&I=1", ""))}},
        {"InvalidParameterValue",
         {in_wmts(with(tile, "=open", "=no")), in_wmts(with(pixel, "=open", "=no")),
          in_wmts("REQUEST=GetLunch"), "/wmts/1.0.0/no/normal/PM/3/4/5.png",
          "/wmts/1.0.0/open/normal/PM/3/4/5/1/1.pdf"}},
        {"VersionNegotiationFailed", {"/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0"}},
        {"InvalidUpdateSequence",
         {in_wmts(
             fmt::format("REQUEST=GetCapabilities&UPDATESEQUENCE={}", services().update_sequence() + 1))}},
        {"TileOutOfRange",
         {in_wmts(with(tile, "TILEROW=4", "TILEROW=0")), in_wmts(with(pixel, "&I=1", "&I=256")),
          "/wmts/1.0.0/open/normal/PM/3/0/5.png", "/wmts/1.0.0/open/normal/PM/3/4/5/1/256.txt"}},
        {"PointIJOutOfRange", {}, "the OGC's own suite wants TileOutOfRange"},
        {"OptionNotSupported", {}, "no parameter has an option that is known and not there"},
        {"NoApplicableCode",
         {},
         "each mistake of a client has a code; what the server cannot do is a 500 or 503"}};
}

void check_codes(std::vector<Code> const& codes, char const* written)
{
    for (auto const& [name, requests, why_never] : codes) {
        CHECK(requests.empty() == (*why_never != 0));
        for (auto const& request : requests) {
            INFO(request);
            auto const response = services().ask(request);
            CHECK(response.status >= 400);
            CHECK_THAT(test::text_of(response), Contains(fmt::format(fmt::runtime(written), name)));
        }
    }
}

std::string read(std::filesystem::path const& file)
{
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The codes that stand in the services' own files.
std::set<std::string> codes_in_sources()
{
    std::regex const code{
        "\"((Invalid|Missing|Current)[A-Z][A-Za-z]+|[A-Z][A-Za-z]+"
        "(NotDefined|NotQueryable|NotSupported|OutOfRange|NegotiationFailed|ApplicableCode))\""};
    std::set<std::string> found;
    for (auto const& entry : std::filesystem::directory_iterator{ARDOISE_SERVICES})
        if (entry.path().extension() == ".cpp") {
            auto const text = read(entry.path());
            for (std::sregex_iterator it{text.begin(), text.end(), code}, end; it != end; ++it)
                found.insert((*it)[1]);
        }
    return found;
}

} // namespace

TEST_CASE("each code of WMS 1.3.0 is sent, or never with a reason")
{
    check_codes(codes_of_wms_130(), "code=\"{}\"");
}

TEST_CASE("each code of WMS 1.1.1 is sent, or never with a reason")
{
    check_codes(codes_of_wms_111(), "code=\"{}\"");
}

TEST_CASE("each code of WMTS and OWS Common is sent, or never with a reason")
{
    check_codes(codes_of_wmts(), "exceptionCode=\"{}\"");
}

TEST_CASE("there is no code that the services know and no request above provokes")
{
    std::set<std::string> provoked;
    for (auto const& codes : {codes_of_wms_130(), codes_of_wms_111(), codes_of_wmts()})
        for (auto const& code : codes)
            if (!code.requests.empty())
                provoked.insert(code.name);
    CHECK(codes_in_sources() == provoked);
}
