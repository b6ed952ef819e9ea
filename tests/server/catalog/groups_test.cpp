// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/groups.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

std::shared_ptr<Layer const> layer(std::string name, std::string group)
{
    auto made = std::make_shared<Layer>();
    made->name = std::move(name);
    made->description.group = std::move(group);
    return made;
}

/// "a b (c(d) e())": layers, then groups by their titles.
std::string drawn(LayerGroup const& group)
{
    std::string text;
    for (auto const& layer : group.layers)
        text += layer->name + " ";
    for (auto const& child : group.groups)
        text += std::string{child.title()} + "(" + drawn(child) + ") ";
    if (!text.empty())
        text.pop_back();
    return text;
}

std::string names(std::vector<std::shared_ptr<Layer const>> const& layers)
{
    std::string text;
    for (auto const& layer : layers)
        text += layer->name;
    return text;
}

LayerGroup const root = group_layers({layer("a", "X/Y"), layer("b", ""), layer("c", "X"), layer("d", "Z/Y"),
                                      layer("e", "X/Y"), layer("f", "X/W"), layer("g", "XY")});

} // namespace

TEST_CASE("layers stand in the groups that they name, each in the order of the list")
{
    CHECK(drawn(root) == "b X(c Y(a e) W(f)) Z(Y(d)) XY(g)");
}

TEST_CASE("a group is found by its path")
{
    REQUIRE(find_group(root, "X/Y"));
    CHECK(find_group(root, "X/Y")->path == "X/Y");
    CHECK(find_group(root, "X/Y")->title() == "Y");
    REQUIRE(find_group(root, "XY"));
    CHECK(find_group(root, "XY")->layers.size() == 1);
    for (auto const* path : {"", "Y", "X/", "/X", "X/Y/Z", "x", "a"})
        CHECK_FALSE(find_group(root, path));
}

TEST_CASE("a map of a group has its own layers at the bottom, and no vector tiles")
{
    CHECK(names(layers_for_maps(*find_group(root, "X"))) == "caef");
    auto words = std::make_shared<Layer>(*layer("v", "X"));
    words->pyramid.format.compression = TileCompression::vector;
    CHECK(layers_for_maps(group_layers({words})).empty());
}
