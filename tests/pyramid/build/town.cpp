// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/build/town.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise::test {

void write_dalle_at(TemporaryFolder const& folder, int col, int row, double brightness)
{
    std::filesystem::create_directories(folder / "dalles");
    write_dalle(
        folder / fmt::format("dalles/{}_{}.tif", col, row),
        {.left = left + 150.0 * col + 3.15, .top = top - 150.0 * row - 7.25, .width = 260, .height = 300},
        [&](double x, double y, int band) { return std::min(255.0, hills(x, y, band) / 2 + brightness); });
}

void write_town(TemporaryFolder const& folder)
{
    for (int col = 0; col < 4; ++col)
        for (int row = 0; row < 3; ++row)
            write_dalle_at(folder, col, row);
}

PreparedUpdate prepared_update(TemporaryFolder const& folder, UpdateOptions options)
{
    options.descriptor = folder / "store/P.json";
    options.jobs = 2;
    return prepare_update(std::move(options), TileMatrixSetLibrary{{folder / "store/tilematrixsets"}});
}

UpdateReport run_update(TemporaryFolder const& folder, UpdateOptions options)
{
    return update(prepared_update(folder, std::move(options)), [](std::size_t, std::size_t) {});
}

std::map<std::string, std::string> built_anew(BuildOptions options)
{
    TemporaryFolder const other;
    options.store = other / "store";
    run(std::move(options));
    return slabs_of(other / "store/P");
}

} // namespace ardoise::test
