// SPDX-License-Identifier: Apache-2.0
// What descriptions of the service and of its layers come to in documents, and in maps of groups.
#include "pyramid/base/atomic_file.hpp"
#include "server/render/legend.hpp"
#include "server/services/portal.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;

namespace {

std::string const named = "<Name>";

/// Layers "heights" (relief), "old" and "new" (pictures, in groups), "plain" (not described), by a service
/// that says all there is to say.
class DescribedSite {
public:
    DescribedSite() : sites_{paint()}, router_{sites_, caches_} {}

    Response ask(std::string const& target, std::string const& accept = "") const
    {
        auto parsed = parse_target(target);
        Request request;
        request.path = std::move(parsed->first);
        request.query = std::move(parsed->second);
        request.accept = accept;
        return test::done(router_(request));
    }
    std::string text(std::string const& target) const { return test::text_of(ask(target)); }
    std::string wms(std::string const& version) const
    {
        return text("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=" + version);
    }
    Response map(std::string const& layers, std::string const& styles = "",
                 std::string const& path = "/wms") const
    {
        return ask(path + "?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=" + layers + "&STYLES=" + styles +
                   "&CRS=EPSG:3857&BBOX=0,0,10018754,5009377&WIDTH=64&HEIGHT=32&FORMAT=image/png");
    }

private:
    std::shared_ptr<Site const> paint() const
    {
        auto const& store = folder_.path();
        for (auto const* name : {"new", "old", "plain"})
            test::paint_pyramid(store, {.name = name}, [name](std::size_t, TileIndex) {
                return std::array{static_cast<std::uint8_t>(*name), std::uint8_t{0}, std::uint8_t{0}};
            });
        test::paint_pyramid(store, {.name = "heights", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
        write_atomically(store / "layers/heights.json", R"({
            "title": "Heights & depths", "abstract": "In <metres>", "keywords": ["dtm", "relief"],
            "attribution": {"title": "IGN & co", "url": "https://ign.example/?a=1&b=2",
                            "logo": {"width": 60, "height": 30, "format": "image/png", "url": "https://ign.example/l.png"}},
            "metadata": [{"type": "ISO19115:2003", "format": "text/xml", "url": "https://geo.example/m.xml"},
                         {"type": "DublinCore", "format": "text/html", "url": "https://geo.example/m.html"}],
            "data": [{"format": "application/zip", "url": "https://geo.example/d.zip"}],
            "extra_crs": ["EPSG:3034"], "styles": ["normal", "elevation"], "min_scale": 1000,
            "max_scale": 50000000, "unit": "m <NGF>"})");
        write_atomically(store / "layers/old.json",
                         R"({"title": "2005", "group": "Ortho photos/Old", "max_scale": 100,
                             "outside_limits": "empty", "queryable": false})");
        write_atomically(store / "layers/new.json", R"({"title": "2022", "group": "Ortho photos"})");
        CatalogOptions options;
        options.store = store;
        options.public_url = "https://tiles.example";
        options.service = {.title = "Photos & maps",
                           .abstract = "Of <Angers>",
                           .keywords = {"ortho", "Anjou"},
                           .provider = {.name = "Ville", .url = "https://ville.example"},
                           .contact = Contact{.person = "Anne", .city = "Angers", .email = "a@ville.example"},
                           .fees = "free",
                           .access_constraints = "Licence Ouverte"};
        return make_site(load_catalog(options), read_portal(store / "no-portal"));
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_{CacheSizes{}};
    Published<Site> sites_;
    Router router_;
};

DescribedSite const& site()
{
    static DescribedSite const only;
    return only;
}

/// What stands between the first `from` and the next `to`.
std::string part(std::string const& text, std::string const& from, std::string const& to)
{
    auto const start = text.find(from);
    REQUIRE(start != std::string::npos);
    return text.substr(start, text.find(to, start) - start);
}

std::string layer_in(std::string const& document, std::string const& name)
{
    return part(document, named + name + "<", "</Layer>");
}

} // namespace

TEST_CASE("WMS says of the service what its operator says")
{
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        auto const service = part(site().wms(version), "<Service>", "</Service>");
        for (auto const* wanted :
             {"<Title>Photos &amp; maps</Title>", "<Abstract>Of &lt;Angers&gt;</Abstract>",
              "<Keyword>Anjou</Keyword>", "<ContactPerson>Anne</ContactPerson>", "<City>Angers</City>",
              "<ContactElectronicMailAddress>a@ville.example<", "<Fees>free</Fees>",
              "<AccessConstraints>Licence Ouverte</AccessConstraints>"})
            CHECK_THAT(service, Contains(wanted));
        CHECK_THAT(service, !Contains("<ContactPosition>"));
        CHECK((service.find("<LayerLimit>16</LayerLimit>") != std::string::npos) ==
              (std::string{version} == "1.3.0"));
    }
}

TEST_CASE("WMS says of a layer what its description says")
{
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        auto const heights = layer_in(site().wms(version), "heights");
        for (auto const* wanted :
             {"<Title>Heights &amp; depths</Title>", "<Abstract>In &lt;metres&gt;</Abstract>",
              "<Keyword>dtm</Keyword>", "<Title>IGN &amp; co</Title>", "<LogoURL width=\"60\" height=\"30\">",
              "xlink:href=\"https://ign.example/?a=1&amp;b=2\"", "<DataURL>", "https://geo.example/d.zip"})
            CHECK_THAT(heights, Contains(wanted));
        CHECK(heights.find("<Name>normal</Name>") < heights.find("<Name>elevation</Name>"));
    }
    auto const plain = layer_in(site().wms("1.3.0"), "plain");
    CHECK_THAT(plain, Contains("<Title>plain</Title>") && !Contains("Attribution") && !Contains("Scale"));
}

TEST_CASE("WMS names metadata as its version can")
{
    auto const now = layer_in(site().wms("1.3.0"), "heights"),
               before = layer_in(site().wms("1.1.1"), "heights");
    CHECK_THAT(now, Contains("<MetadataURL type=\"ISO19115:2003\">") &&
                        Contains("<MetadataURL type=\"DublinCore\">"));
    CHECK_THAT(before, Contains("<MetadataURL type=\"TC211\">") && !Contains("m.html"));
}

TEST_CASE("WMS gives scales as denominators, and before 1.3.0 as diagonals of pixels")
{
    auto const now = layer_in(site().wms("1.3.0"), "heights");
    CHECK_THAT(now, Contains("<MinScaleDenominator>1000</MinScaleDenominator>") &&
                        Contains("<MaxScaleDenominator>50000000</MaxScaleDenominator>"));
    auto const hint = part(layer_in(site().wms("1.1.1"), "heights"), "<ScaleHint", "/>");
    CHECK_THAT(hint, Contains("min=\"0.395979797464466") && Contains("max=\"19798.9898732233"));
    CHECK_THAT(layer_in(site().wms("1.1.1"), "old"),
               Contains("<ScaleHint min=\"0\" max=\"0.0395979797464466"));
}

TEST_CASE("WMS nests layers in their groups, and a layer's own service does not")
{
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        auto const text = site().wms(version);
        auto const group = text.find("<Name>Ortho photos</Name>"),
                   inner = text.find("<Name>Ortho photos/Old</Name>"), newer = text.find("<Name>new</Name>"),
                   older = text.find("<Name>old</Name>");
        CHECK(text.find("<Name>heights</Name>") < group);
        CHECK(group < newer);
        CHECK(newer < inner);
        CHECK(inner < older);
        CHECK_THAT(text, Contains("<Title>Old</Title>"));
    }
    CHECK_THAT(site().text("/old/wms?SERVICE=WMS&REQUEST=GetCapabilities"),
               Contains("<Name>old</Name>") && !Contains("Ortho photos"));
}

TEST_CASE("a map of a group is that of its layers, the innermost on top")
{
    auto const group = site().map("Ortho%20photos");
    REQUIRE(group.status == 200);
    CHECK(test::text_of(group) == test::text_of(site().map("new,old")));
    CHECK(test::text_of(group) != test::text_of(site().map("old,new")));
    CHECK(test::text_of(site().map("Ortho%20photos/Old")) == test::text_of(site().map("old")));
    CHECK(test::text_of(site().map("heights,Ortho%20photos/Old,plain", "elevation,default,")) ==
          test::text_of(site().map("heights,old,plain", "elevation,,")));
}

TEST_CASE("a group has no styles of its own, and is unknown to a layer's own service")
{
    CHECK_THAT(test::text_of(site().map("Ortho%20photos", "normal")), Contains("StyleNotDefined"));
    CHECK_THAT(test::text_of(site().map("Ortho%20photos", "", "/old/wms")), Contains("LayerNotDefined"));
    CHECK_THAT(test::text_of(site().map("Ortho")), Contains("LayerNotDefined"));
    std::string many = "Ortho%20photos";
    for (int i = 0; i < 8; ++i)
        many += ",Ortho%20photos";
    CHECK_THAT(test::text_of(site().map(many)), Contains("A map has at most 16 layers."));
}

TEST_CASE("a group of more layers than a map has can be seen, but not asked for")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {.name = "layer0"});
    for (int i = 0; i < 17; ++i) {
        auto const file = fmt::format("layer{}.json", i);
        if (i > 0)
            std::filesystem::copy(folder / "layer0.json", folder / file);
        write_atomically(folder / "layers" / file,
                         i < 16 ? R"({"group": "many/some"})" : R"({"group": "many"})");
    }
    test::paint_pyramid(folder.path(), {.name = "taken"});
    write_atomically(folder / "layers/taken.json", R"({"group": "taken"})");
    CatalogOptions options;
    options.store = folder.path();
    auto const catalog = load_catalog(options);
    auto const text = wms_130_capabilities(*catalog, catalog->layers(), "");
    CHECK_THAT(text, Contains("<Title>many</Title>") && !Contains("<Name>many</Name>"));
    CHECK_THAT(text, Contains("<Name>many/some</Name>"));
    CHECK(text.find("<Name>taken</Name>") == text.rfind("<Name>taken</Name>"));
}

TEST_CASE("WMTS says of service and layers what is said of them")
{
    auto const text = site().text("/wmts/1.0.0/WMTSCapabilities.xml");
    for (auto const* wanted :
         {"<ows:Title>Photos &amp; maps</ows:Title>", "<ows:Keyword>Anjou</ows:Keyword>", "<ows:Fees>free<",
          "<ows:AccessConstraints>Licence Ouverte<",
          "<ows:ProviderSite xlink:href=\"https://ville.example\"/>", "<ows:IndividualName>Anne<",
          "<ows:ElectronicMailAddress>a@ville.example<", "<ows:Title>Heights &amp; depths</ows:Title>",
          "<ows:Keyword>dtm</ows:Keyword>", "<ows:Metadata xlink:href=\"https://geo.example/m.xml\"/>"})
        CHECK_THAT(text, Contains(wanted));
    auto const styles = text.find("<Style isDefault=\"true\">\n        <ows:Title>normal");
    CHECK(styles != std::string::npos);
}

TEST_CASE("every operation of WMTS is asked by parameters, at an address that ends in ?")
{
    auto const text = part(site().text("/wmts/1.0.0/WMTSCapabilities.xml"), "<ows:OperationsMetadata>",
                           "</ows:OperationsMetadata>");
    int gets = 0;
    for (auto at = text.find("<ows:Get "); at != std::string::npos;
         at = text.find("<ows:Get ", at + 1), ++gets)
        CHECK_THAT(part(text.substr(at), "<ows:Get", ">"),
                   Catch::EndsWith("xlink:href=\"https://tiles.example/wmts?\""));
    CHECK(gets == 3);
    CHECK_THAT(text, Contains("<ows:Value>KVP</ows:Value>") && !Contains("RESTful"));
}

TEST_CASE("TileJSON and the list of layers credit whom the description names, or else the provider")
{
    auto const attribution = [](char const* layer) {
        auto const json = parse_json(site().text(fmt::format("/xyz/{}/tilejson.json", layer)), layer);
        return JsonReader{json, layer}.at("attribution").string();
    };
    CHECK(attribution("heights") == "<a href=\"https://ign.example/?a=1&amp;b=2\">IGN &amp; co</a>");
    CHECK(attribution("plain") == "<a href=\"https://ville.example\">Ville</a>");
    auto const json = parse_json(site().text("/layers.json"), "layers");
    for (auto const& layer : JsonReader{json, "layers"}.at("layers").items())
        if (layer.at("name").string() == "heights") {
            CHECK(layer.at("title").string() == "Heights & depths");
            CHECK(layer.at("attribution").at("title").string() == "IGN & co");
            CHECK(layer.at("attribution").at("url").string() == "https://ign.example/?a=1&b=2");
        }
}

TEST_CASE("a layer's own list knows no systems but its own")
{
    CHECK_THAT(site().text("/heights/layers.json"), Contains("EPSG:3034"));
    CHECK_THAT(site().text("/plain/layers.json"), Contains("EPSG:3857") && !Contains("EPSG:3034"));
}

TEST_CASE("who takes no media type of a document is told so")
{
    for (auto const* address : {"/wmts/1.0.0/WMTSCapabilities.xml", "/old/wmts/1.0.0/WMTSCapabilities.xml",
                                "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
                                "/wms?SERVICE=WMS&REQUEST=GetCapabilities", "/xyz/old/tilejson.json"}) {
        INFO(address);
        for (auto const* accept :
             {"", "*/*", "text/*", "application/xml", "text/html,*/*;q=0.8", "application/json"})
            CHECK(site().ask(address, accept).status == 200);
        CHECK(site().ask(address, "example/unknown").status == 406);
    }
}

TEST_CASE("a layer's values are told unless its description says no")
{
    DescribedSite const site;
    auto const wms = site.wms("1.3.0");
    CHECK_THAT(wms, Contains("<Layer queryable=\"0\" opaque=\"0\">\n          <Name>old</Name>") ||
                        Contains("<Layer queryable=\"0\" opaque=\"0\">\n            <Name>old</Name>"));
    auto const ask = [&](std::string const& layers,
                         std::string const& version = "1.3.0&CRS=EPSG:3857&I=1&J=1") {
        return site.text("/wms?SERVICE=WMS&REQUEST=GetFeatureInfo&VERSION=" + version + "&LAYERS=" + layers +
                         "&QUERY_LAYERS=" + layers +
                         "&STYLES=&BBOX=0,0,9,9&WIDTH=9&HEIGHT=9&FORMAT=image/png");
    };
    CHECK_THAT(ask("old"), Contains("code=\"LayerNotQueryable\""));
    CHECK_THAT(ask("old", "1.1.1&SRS=EPSG:3857&X=1&Y=1"), Contains("code=\"LayerNotQueryable\""));
    CHECK_THAT(ask("new,old"), Contains("code=\"LayerNotQueryable\""));
    CHECK_THAT(ask("Ortho photos/Old"), Contains("code=\"LayerNotQueryable\""));
    CHECK_THAT(ask("Ortho photos"), !Contains("Exception") && !Contains("2005")); // 2022 answers alone
    auto const wmts =
        site.ask("/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=old&STYLE=&FORMAT=image/png&"
                 "TILEMATRIXSET=PM&TILEMATRIX=3&TILEROW=4&TILECOL=5&I=1&J=1&INFOFORMAT=text/plain");
    CHECK(wmts.status == 501);
    CHECK_THAT(test::text_of(wmts),
               Contains("exceptionCode=\"OperationNotSupported\" locator=\"GetFeatureInfo\""));
    auto const document = site.text("/old/wmts/1.0.0/WMTSCapabilities.xml");
    CHECK_THAT(document, !Contains("InfoFormat") && !Contains("FeatureInfo\" template"));
}

TEST_CASE("beside its limits a layer has empty tiles in WMTS where its description wants them")
{
    DescribedSite const site;
    auto const tile = [&](std::string const& layer, std::string const& row) {
        return site.ask("/wmts/1.0.0/" + layer + "/normal/PM/3/" + row + "/0.png");
    };
    auto const empty = tile("old", "0");
    CHECK(empty.status == 200);
    CHECK(empty.headers.front() == std::pair<std::string, std::string>{"OATiles-hint", "empty"});
    CHECK(tile("new", "0").status == 400);
    CHECK(tile("old", "8").status == 400); // beside the matrix there is no Earth
    CHECK(tile("old", "-1").status == 400);
    CHECK_THAT(test::text_of(tile("old", "8")), Contains("TileOutOfRange"));
}

TEST_CASE("values are told with the unit that the description says, in every format")
{
    auto const told = [](std::string const& layers, std::string const& format) {
        return site().text(
            "/wms?SERVICE=WMS&REQUEST=GetFeatureInfo&VERSION=1.3.0&CRS=EPSG:3857&I=1&J=1&LAYERS=" + layers +
            "&QUERY_LAYERS=" + layers + "&STYLES=&BBOX=0,0,9,9&WIDTH=9&HEIGHT=9&INFO_FORMAT=" + format);
    };
    CHECK(told("heights", "text/plain") == "heights:\n  band_1 = 100 m <NGF>\n");
    CHECK_THAT(told("heights", "text/html"), Contains("<td>100 m &lt;NGF&gt;</td>"));
    auto const json = parse_json(told("heights", "application/json"), "values");
    auto const properties = JsonReader{json, "values"}.at("features").items().at(0).at("properties");
    CHECK(properties.at("band_1").number() == 100);
    CHECK(properties.at("unit").string() == "m <NGF>");
    for (auto const* gml : {"application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"})
        CHECK_THAT(told("heights", gml),
                   Contains("<ardoise:band_1 uom=\"m &lt;NGF&gt;\">100</ardoise:band_1>"));
    CHECK_THAT(told("plain", "application/vnd.ogc.gml"), Contains("<ardoise:band_1>112</ardoise:band_1>"));
    CHECK_THAT(told("plain", "application/json"), !Contains("unit"));
}

TEST_CASE("a legend has the unit beside its values, and another tag for it")
{
    auto const legend = [](std::string const& format) {
        return "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=heights&STYLE=elevation&"
               "FORMAT=" +
               format;
    };
    auto const json = parse_json(site().text(legend("application/json")), "legend");
    auto const entry = JsonReader{json, "legend"}.at("Legend").items().at(0).at("rules").items().at(0);
    auto const row =
        entry.at("symbolizers").items().at(0).at("Raster").at("colormap").at("entries").items().at(0);
    CHECK(row.at("label").string() == "4800 m <NGF>");
    CHECK(row.at("quantity").string() == "4800");
    CHECK_THAT(site().text("/heights/layers.json"), Contains("\"unit\": \"m <NGF>\""));

    test::TemporaryFolder const store;
    test::paint_pyramid(store.path(), {.name = "relief", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
    std::string tag, widest;
    for (auto const* description : {"{}", R"({"unit": "mm/h"})"}) {
        write_atomically(store / "layers/relief.json", description);
        CatalogOptions options;
        options.store = store.path();
        auto const layer = load_catalog(options)->find_layer("relief");
        LegendRequest const request{.layers = {{layer, &layer->styles.front()}}};
        CHECK(facts_of(request) != tag);
        tag = facts_of(request);
        auto const wide = fmt::format("{:05}", size_of(request).width);
        CHECK(wide > widest);
        widest = wide;
    }
}

TEST_CASE("a group has services of its own, which know its layers and no others")
{
    std::string const path = "/Ortho%20photos", at = "https://tiles.example" + path;
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        auto const text =
            site().text(path + "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=" + std::string{version});
        for (auto const* wanted : {"<Name>Ortho photos</Name>", "<Name>Ortho photos/Old</Name>",
                                   "<Name>new</Name>", "<Name>old</Name>"})
            CHECK_THAT(text, Contains(wanted));
        CHECK_THAT(text, !Contains("heights") && !Contains("<Name>plain") &&
                             !Contains("https://tiles.example/wms"));
        CHECK_THAT(text, Contains("xlink:href=\"" + at + "/wms?\""));
    }
    auto const wmts = site().text(path + "/wmts/1.0.0/WMTSCapabilities.xml");
    CHECK_THAT(wmts, Contains("template=\"" + at + "/wmts/1.0.0/new/{Style}/") &&
                         Contains("<ows:Get xlink:href=\"" + at + "/wmts?\"") && !Contains("heights"));
    CHECK(site().text(path + "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities") == wmts);
    CHECK(test::text_of(site().map("Ortho%20photos", "", path + "/wms")) ==
          test::text_of(site().map("Ortho%20photos")));
    auto const tile = site().ask(path + "/wmts/1.0.0/new/normal/PM/3/4/5.png");
    CHECK(tile.status == 200);
    CHECK(tile.etag == site().ask("/wmts/1.0.0/new/normal/PM/3/4/5.png").etag);
    CHECK_THAT(test::text_of(site().map("plain", "", path + "/wms")), Contains("LayerNotDefined"));
    CHECK(site().ask(path + "/wmts/1.0.0/plain/normal/PM/3/4/5.png").status == 404);
}

TEST_CASE("a group within a group is served by its own, without those around it")
{
    auto const text = site().text("/Ortho%20photos/Old/wms?SERVICE=WMS&REQUEST=GetCapabilities");
    CHECK_THAT(text, Contains("<Name>Ortho photos/Old</Name>") && Contains("<Name>old</Name>"));
    CHECK_THAT(text, !Contains("<Name>Ortho photos</Name>") && !Contains("<Name>new</Name>"));
    CHECK_THAT(test::text_of(site().map("Ortho%20photos", "", "/Ortho%20photos/Old/wms")),
               Contains("LayerNotDefined"));
    for (auto const* nowhere :
         {"/Ortho%20photos", "/Ortho%20photos/", "/Ortho%20photos/wmts/1.0.0", "/Ortho/wms",
          "/Ortho%20photos/Old/x/wms", "/Ortho%20photos/xyz/new/3/5/4.png"}) {
        INFO(nowhere);
        CHECK(site().ask(nowhere).status == 404);
    }
}

TEST_CASE("the list of layers has the groups, with the addresses of their services")
{
    auto const json = parse_json(site().text("/layers.json"), "layers");
    auto const groups = JsonReader{json, "layers"}.at("groups").items();
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].at("path").string() == "Ortho photos");
    CHECK(groups[1].at("path").string() == "Ortho photos/Old");
    CHECK(groups[1].at("wms").string() ==
          "https://tiles.example/Ortho%20photos/Old/wms?SERVICE=WMS&REQUEST=GetCapabilities");
    CHECK(groups[1].at("wmts").string() ==
          "https://tiles.example/Ortho%20photos/Old/wmts/1.0.0/WMTSCapabilities.xml");
}

TEST_CASE("the address of a group that has the name of a layer is the layer's")
{
    test::TemporaryFolder const store;
    for (auto const* name : {"taken", "other"})
        test::paint_pyramid(store.path(), {.name = name});
    write_atomically(store / "layers/other.json", R"({"group": "taken/inner"})");
    CatalogOptions options;
    options.store = store.path();
    Caches caches;
    Published<Site> const sites{make_site(load_catalog(options), {})};
    Router const router{sites, caches};
    auto const ask = [&](std::string const& target) {
        Request request;
        REQUIRE(assign_target(request, target));
        return test::text_of(test::done(router(request)));
    };
    CHECK_THAT(ask("/taken/wms?REQUEST=GetCapabilities"),
               Contains("<Name>taken</Name>") && !Contains("<Name>other</Name>"));
    CHECK_THAT(ask("/taken/inner/wms?REQUEST=GetCapabilities"), Contains("<Name>other</Name>"));
    CHECK_THAT(ask("/layers.json"), Contains("\"taken/inner\"") && !Contains("\"path\": \"taken\""));
}

TEST_CASE("unless its operator says otherwise, the service says all that it speaks")
{
    CHECK(ServiceDescription{}.abstract == "Orthophotos by WMTS, WMS, TMS, XYZ and OGC API");
}
