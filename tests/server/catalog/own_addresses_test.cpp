// SPDX-License-Identifier: Apache-2.0
// Names that layers, aliases and groups cannot have, as the service has their addresses.
#include "server/catalog/own_addresses.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/catalog.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;

namespace {

std::shared_ptr<Catalog const> load(test::TemporaryFolder const& store, Catalog const* previous = nullptr)
{
    CatalogOptions options;
    options.store = store.path();
    return load_catalog(options, previous);
}

std::string only_trouble(Catalog const& catalog)
{
    REQUIRE(catalog.troubles().size() == 1);
    return catalog.troubles().front().consequence + " | " + catalog.troubles().front().reason;
}

} // namespace

TEST_CASE("words of protocols and endings of files are the service's own, all else may be a layer's")
{
    for (auto const* name : {"wms", "wmts", "xyz", "tms", "ogcapi", "health", "layers.json", "layer.html",
                             "portal.js", "qgis-connections.xml", ""}) {
        INFO(name);
        CHECK(find_own_address(name));
        CHECK(conflict_with_own_address(name));
    }
    for (auto const* name : {"WMS", "wms2", "ortho", "ortho.2022", "json", "js", "healthy", "layers"}) {
        INFO(name);
        CHECK_FALSE(find_own_address(name));
        CHECK_FALSE(conflict_with_own_address(name));
    }
}

TEST_CASE("a pyramid that has the name of an own address is left out, with a word on it, at a reload too")
{
    test::TemporaryFolder const store;
    test::paint_pyramid(store.path(), {.name = "good"});
    auto const before = load(store);
    CHECK(before->troubles().empty());
    test::paint_pyramid(store.path(), {.name = "tms"});
    for (auto const* previous : {static_cast<Catalog const*>(nullptr), before.get()}) {
        auto const catalog = load(store, previous);
        CHECK(catalog->layers().size() == 1);
        CHECK(only_trouble(*catalog) == "layer left out | " + (store / "tms.json").string() +
                                            ": no layer can be called \"tms\", as /tms is an address of the "
                                            "service itself: choose another name, by `ardoise build --name`");
    }
}

TEST_CASE("so is an alias")
{
    test::TemporaryFolder const store;
    test::paint_pyramid(store.path(), {.name = "good"});
    write_atomically(store / "layers/health.json", R"({"alias": {"layer": "good"}})");
    auto const catalog = load(store);
    CHECK(catalog->layers().size() == 1);
    CHECK_THAT(only_trouble(*catalog), Contains("health.json: no layer can be called \"health\", as /health "
                                                "is an address of the service itself: choose another name"));
}

TEST_CASE("a group may not have such a title, and its layer is then not described")
{
    test::TemporaryFolder const store;
    test::paint_pyramid(store.path(), {.name = "good"});
    write_atomically(store / "layers/good.json", R"({"group": "Orthophotos/wms"})");
    auto const catalog = load(store);
    CHECK(catalog->find_layer("good")->description.group.empty());
    CHECK_THAT(only_trouble(*catalog),
               Contains("good.json: group: no group can be called \"wms\", as /wms is an address of the "
                        "service itself: choose another name"));
}
