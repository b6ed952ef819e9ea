// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/sample.hpp"

#include "pyramid/build/sample/city.hpp"
#include "pyramid/build/sample/dalle_writer.hpp"
#include "pyramid/build/sample/footprint.hpp"
#include "pyramid/build/sample/paint.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

namespace ardoise {

namespace {

using namespace sample;

/// The heart of the town in Lambert-93, near Angers; a corner of dalles.
constexpr std::int32_t heart_x = 430800, heart_y = 6712800;
constexpr std::int32_t pixels_per_metre = 20;
constexpr std::int32_t paint_side = OrthoFile::block;

/// A dalle: its pixels counted from the heart, x right and y down.
struct Dalle {
    Window window;
    Coverage coverage = Coverage::full;

    double left() const { return heart_x + static_cast<double>(window.x) / pixels_per_metre; }
    double top() const { return heart_y - static_cast<double>(window.y) / pixels_per_metre; }
    std::string name() const
    {
        double const bottom = heart_y - static_cast<double>(window.y + window.height) / pixels_per_metre;
        return fmt::format("{}_{}.tif", static_cast<std::int64_t>(left()), static_cast<std::int64_t>(bottom));
    }
};

void check(SampleOptions const& options)
{
    if (options.into.empty())
        fail("--into: names no folder");
    for (int const count : {options.columns, options.rows})
        if (count < 1 || count > 2000)
            fail("--dalles {}x{}: each side is 1 to 2000", options.columns, options.rows);
    if (options.dalle_pixels < pixels_per_metre || options.dalle_pixels > 10000)
        fail("dalle_pixels {}: a dalle has {} to 10000 pixels a side", options.dalle_pixels,
             pixels_per_metre);
    if (options.years.empty())
        fail("--years: names no year");
    std::set<int> known;
    for (int const year : options.years) {
        if (year < 1950 || year > 2100)
            fail("--years {}: a year is 1950 to 2100", year);
        if (!known.insert(year).second)
            fail("--years {}: is named twice", year);
    }
    if (options.jobs > 1024)
        fail("--jobs {}: at most 1024", options.jobs);
}

Window whole_of(SampleOptions const& options)
{
    std::int32_t const side = options.dalle_pixels;
    return {-(options.columns / 2) * side, -(options.rows - options.rows / 2) * side, options.columns * side,
            options.rows * side};
}

std::vector<Dalle> dalles_of(SampleOptions const& options, Footprint const& footprint)
{
    Window const whole = whole_of(options);
    std::int32_t const side = options.dalle_pixels;
    std::vector<Dalle> dalles;
    for (std::int32_t row = 0; row < options.rows; ++row)
        for (std::int32_t column = 0; column < options.columns; ++column) {
            Window const window{whole.x + column * side, whole.y + row * side, side, side};
            if (auto const coverage = footprint.coverage(window); coverage != Coverage::none)
                dalles.push_back({window, coverage});
        }
    return dalles;
}

/// Everything that all threads share, none of which changes.
struct Studio {
    SampleOptions const& options;
    City city;
    Textures textures;
    Footprint footprint;
};

void black_out(Raster& picture, std::vector<std::uint8_t> const& mask, Window within, std::int32_t side)
{
    for (std::int32_t y = 0; y < within.height; ++y) {
        auto* const row = picture.row(y);
        for (std::int32_t x = 0; x < within.width; ++x)
            if (mask[static_cast<std::size_t>(within.y + y) * static_cast<std::size_t>(side) +
                     static_cast<std::size_t>(within.x + x)] == 0)
                std::fill_n(row + 4 * x, 4, std::uint8_t{0});
    }
}

void make_ortho(Studio const& studio, Dalle const& dalle, int year)
{
    Window const& whole = dalle.window;
    auto const metres = [](std::int32_t pixels) { return static_cast<double>(pixels) / pixels_per_metre; };
    Box const ground{metres(whole.x), -metres(whole.y + whole.height), metres(whole.x + whole.width),
                     -metres(whole.y)};
    Scene const scene = studio.city.scene(ground, year);
    Light const light = studio.city.light(year);
    bool const partial = dalle.coverage == Coverage::partial;
    auto const mask = partial ? studio.footprint.mask(whole) : std::vector<std::uint8_t>{};
    auto const file = studio.options.into / std::to_string(year) / "ortho" / ("dalle_" + dalle.name());
    OrthoFile output{file,
                     whole.width,
                     {dalle.left(), dalle.top(), 1.0 / pixels_per_metre},
                     fmt::format("A made-up city in {}, painted by ardoise sample", year)};
    for (std::int32_t y = 0; y < whole.height; y += paint_side)
        for (std::int32_t x = 0; x < whole.width; x += paint_side) {
            Window const part{x, y, std::min(paint_side, whole.width - x),
                              std::min(paint_side, whole.height - y)};
            Raster picture =
                paint(scene, studio.textures, light, {whole.x + x, whole.y + y, part.width, part.height});
            if (partial)
                black_out(picture, mask, part, whole.width);
            output.write(picture.view(), x, y);
        }
    if (partial)
        output.write_mask({{whole.width, whole.height, 1, SampleType::uint8},
                           reinterpret_cast<std::byte const*>(mask.data()),
                           static_cast<std::size_t>(whole.width)});
    output.publish();
}

/// The metres whose middles lie in the dalle.
void make_terrain(Studio const& studio, Dalle const& dalle)
{
    auto const first_metre = [](std::int32_t pixel) {
        return static_cast<std::int32_t>(std::ceil(static_cast<double>(pixel) / pixels_per_metre - 0.5));
    };
    Window const& whole = dalle.window;
    std::int32_t const x0 = first_metre(whole.x), y0 = first_metre(whole.y);
    Raster heights{{first_metre(whole.x + whole.width) - x0, first_metre(whole.y + whole.height) - y0, 1,
                    SampleType::float32}};
    for (std::int32_t y = 0; y < heights.shape().height; ++y)
        for (std::int32_t x = 0; x < heights.shape().width; ++x) {
            Point const middle{x0 + x + 0.5, y0 + y + 0.5};
            bool const known =
                dalle.coverage == Coverage::full || studio.footprint.contains(middle * pixels_per_metre);
            heights.row<float>(y)[x] =
                known ? static_cast<float>(studio.city.land().height({middle.x, -middle.y})) : no_height;
        }
    write_terrain(studio.options.into / "dtm" / ("dtm_" + dalle.name()), heights.view(),
                  {static_cast<double>(heart_x + x0), static_cast<double>(heart_y - y0), 1});
}

/// The middle of the river, as far as the dalles reach and a little further: GeoJSON that says its system, as
/// GDAL and QGIS read it.
std::string river_line(SampleOptions const& options, Landscape const& land)
{
    constexpr int step = 10, beyond = 200; // metres
    Window const whole = whole_of(options);
    int const north = -whole.y / pixels_per_metre, south = north - whole.height / pixels_per_metre;
    auto points = Json::array();
    for (int along = south - beyond; along <= north + beyond; along += step) {
        Point const middle = land.to_ground({Landscape::river_middle, static_cast<double>(along)});
        points.add(Json::array(
            {std::round(10 * (heart_x + middle.x)) / 10, std::round(10 * (heart_y + middle.y)) / 10}));
    }
    auto const system =
        Json::object({{"type", "name"}, {"properties", Json::object({{"name", "EPSG:2154"}})}});
    auto const line = Json::object({{"type", "LineString"}, {"coordinates", std::move(points)}});
    auto const river = Json::object(
        {{"type", "Feature"}, {"properties", Json::object({{"name", "the river"}})}, {"geometry", line}});
    return Json::object({{"type", "FeatureCollection"}, {"crs", system}, {"features", Json::array({river})}})
        .text();
}

/// Calls work(0) to work(count - 1) on some threads; throws the first exception after all have stopped.
template <typename Work>
void share_out(std::size_t count, unsigned jobs, Work const& work)
{
    std::atomic<std::size_t> next{0};
    std::exception_ptr trouble;
    std::mutex mutex;
    auto const run = [&] {
        for (std::size_t i = next++; i < count; i = next++)
            try {
                work(i);
            } catch (...) {
                next = count;
                std::scoped_lock const lock{mutex};
                if (!trouble)
                    trouble = std::current_exception();
            }
    };
    {
        std::vector<std::jthread> others;
        for (unsigned job = 1; job < jobs && job < count; ++job)
            others.emplace_back(run);
        run();
    }
    if (trouble)
        std::rethrow_exception(trouble);
}

std::string readme(SampleOptions const& options)
{
    std::string years;
    for (int const year : options.years)
        years += fmt::format("{}{}", years.empty() ? "" : ", ", year);
    return fmt::format(
        "This city does not exist. Every pixel was made up by `ardoise sample`, to try Ardoise without "
        "waiting for\n"
        "real data; it may be used and passed on freely. Do not take it for a map of anything.\n\n"
        "YEAR/ortho/dalle_X_Y.tif   orthophotos of {} at 5 cm: red, green, blue, near infrared (8 bits "
        "each)\n"
        "dtm/dtm_X_Y.tif            the ground's height at 1 m, in metres; -99999 where nothing is known\n"
        "river.geojson              the middle of the river, for ardoise flood\n\n"
        "X and Y are the metres of a dalle's lower left corner in Lambert-93 (EPSG:2154). {} by {} dalles of "
        "{} m,\n"
        "less those outside of the flight's irregular outline. Dalles on that outline hold a mask.\n\n"
        "Made again, to the byte, with the seed {}.\n",
        years, options.columns, options.rows, static_cast<double>(options.dalle_pixels) / pixels_per_metre,
        options.seed);
}

} // namespace

void make_sample(SampleOptions const& options,
                 std::function<void(std::size_t done, std::size_t total)> const& on_progress)
{
    check(options);
    Studio const studio{options, City{options.seed}, Textures{options.seed},
                        Footprint{options.seed, whole_of(options), options.dalle_pixels}};
    auto const dalles = dalles_of(options, studio.footprint);
    write_atomically(options.into / "README.txt", readme(options));
    write_atomically(options.into / "river.geojson", river_line(options, studio.city.land()));

    std::size_t const products = options.years.size() + 1, total = dalles.size() * products;
    std::size_t done = 0;
    std::mutex mutex;
    unsigned const cores = std::max(1U, std::thread::hardware_concurrency());
    share_out(total, options.jobs ? options.jobs : cores, [&](std::size_t i) {
        Dalle const& dalle = dalles[i / products];
        std::size_t const product = i % products;
        if (product == 0)
            make_terrain(studio, dalle);
        else
            make_ortho(studio, dalle, options.years[product - 1]);
        std::scoped_lock const lock{mutex};
        ++done;
        if (on_progress)
            on_progress(done, total);
    });
}

} // namespace ardoise
