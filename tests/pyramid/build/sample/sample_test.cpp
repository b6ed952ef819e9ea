// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/sample.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/build/sample/dalle_writer.hpp"
#include "pyramid/build/sample/footprint.hpp"
#include "pyramid/build/sample/landscape.hpp"

#include <catch2/catch.hpp>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <csignal>
#include <map>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

using namespace ardoise;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder()
    {
        static int counter = 0;
        path_ = fs::temp_directory_path() / fmt::format("ardoise-sample-{}-{}", ::getpid(), ++counter);
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

SampleOptions small(fs::path into)
{
    SampleOptions options;
    options.into = std::move(into);
    options.columns = 3;
    options.rows = 2;
    options.dalle_pixels = 300;
    return options;
}

std::map<std::string, std::string> files_of(fs::path const& folder)
{
    std::map<std::string, std::string> files;
    for (auto const& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file())
            files[fs::relative(entry.path(), folder).string()] = read_text(entry.path());
    return files;
}

GDALDatasetUniquePtr open(fs::path const& file)
{
    GDALAllRegister();
    return GDALDatasetUniquePtr{GDALDataset::Open(file.c_str())};
}

std::string failure_of(SampleOptions const& options)
{
    try {
        make_sample(options, {});
    } catch (Failure const& failure) {
        return failure.what();
    }
    return {};
}

/// While this lives, no file grows over `bytes`: a full disk for everything that writes.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t bytes)
    {
        before_ = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &limit_);
        rlimit const tight{bytes, limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~SmallDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, before_);
    }
    SmallDisk(SmallDisk const&) = delete;
    SmallDisk& operator=(SmallDisk const&) = delete;

private:
    rlimit limit_{};
    void (*before_)(int) = nullptr;
};

} // namespace

TEST_CASE("the same options give the same bytes, whatever the number of jobs")
{
    Folder const first, again, shared;
    auto options = small(first.path());
    options.jobs = 1;
    make_sample(options, {});
    options.into = again.path();
    make_sample(options, {});
    options.into = shared.path();
    options.jobs = 3;
    make_sample(options, {});
    auto const files = files_of(first.path());
    CHECK(files.size() == 2 + 6 * 3); // README.txt and river.geojson
    CHECK(files == files_of(again.path()));
    CHECK(files == files_of(shared.path()));
}

TEST_CASE("an orthophoto has four bands, its exact place and no alpha")
{
    Folder const folder;
    make_sample(small(folder.path()), {});
    // Three columns of 15 m: one west of the heart, two east of it.
    auto const dataset = open(folder.path() / "2022" / "ortho" / "dalle_430785_6712800.tif");
    REQUIRE(dataset);
    CHECK(dataset->GetRasterXSize() == 300);
    CHECK(dataset->GetRasterYSize() == 300);
    REQUIRE(dataset->GetRasterCount() == 4);
    double transform[6];
    REQUIRE(dataset->GetGeoTransform(transform) == CE_None);
    CHECK(transform[0] == 430785);
    CHECK(transform[1] == 0.05);
    CHECK(transform[3] == 6712815);
    CHECK(transform[5] == -0.05);
    CHECK(std::string{dataset->GetSpatialRef()->GetAuthorityCode(nullptr)} == "2154");
    CHECK(dataset->GetRasterBand(1)->GetColorInterpretation() == GCI_RedBand);
    CHECK(dataset->GetRasterBand(3)->GetColorInterpretation() == GCI_BlueBand);
    CHECK(dataset->GetRasterBand(4)->GetColorInterpretation() == GCI_Undefined);
    CHECK(std::string{dataset->GetRasterBand(4)->GetDescription()} == "Near infrared");
}

TEST_CASE("dalles have 4000 pixels on whole 200 m, which is the grid of 5 cm tiles")
{
    SampleOptions options;
    CHECK(options.dalle_pixels == 4000);
    CHECK(options.columns == 8);
    // 430800 and 12000000 - 6712800 are multiples of 200 m.
    CHECK(430800 % 200 == 0);
    CHECK((12000000 - 6712800) % 200 == 0);
}

TEST_CASE("the mask inside a dalle at the edge is the footprint, and pixels outside are black")
{
    Folder const folder;
    make_sample(small(folder.path()), {});
    ardoise::sample::Window const whole{-300, -300, 900, 600}, dalle{-300, -300, 300, 300};
    auto const expected = ardoise::sample::Footprint{1, whole, 300}.mask(dalle);
    auto const dataset = open(folder.path() / "2005" / "ortho" / "dalle_430785_6712800.tif");
    REQUIRE(dataset);
    auto* const band = dataset->GetRasterBand(1);
    REQUIRE(band->GetMaskFlags() == GMF_PER_DATASET);
    std::vector<std::uint8_t> mask(expected.size()), red(expected.size());
    REQUIRE(band->GetMaskBand()->RasterIO(GF_Read, 0, 0, 300, 300, mask.data(), 300, 300, GDT_Byte, 0, 0,
                                          nullptr) == CE_None);
    REQUIRE(band->RasterIO(GF_Read, 0, 0, 300, 300, red.data(), 300, 300, GDT_Byte, 0, 0, nullptr) ==
            CE_None);
    CHECK(mask == expected);
    bool black = true, bright = false;
    for (std::size_t i = 0; i < red.size(); ++i) {
        black = black && (mask[i] != 0 || red[i] == 0);
        bright = bright || red[i] > 60;
    }
    CHECK(black);
    CHECK(bright);
}

TEST_CASE("dalles in the middle have no mask and dalles outside are not written")
{
    Folder const folder;
    auto options = small(folder.path());
    options.columns = options.rows = 8;
    options.dalle_pixels = 40;
    options.years = {2022};
    std::size_t files = 0;
    make_sample(options, [&](std::size_t done, std::size_t total) {
        CHECK(done == ++files);
        CHECK(total < 128);
        CHECK(total % 2 == 0);
    });
    auto const orthos = std::distance(fs::directory_iterator{folder.path() / "2022" / "ortho"}, {});
    CHECK(static_cast<std::size_t>(orthos) == files / 2);
    CHECK(orthos > 40);
    CHECK(orthos < 64);
    CHECK_FALSE(fs::exists(folder.path() / "2022" / "ortho" / "dalle_430792_6712806.tif"));
    auto const heart = open(folder.path() / "2022" / "ortho" / "dalle_430800_6712800.tif");
    REQUIRE(heart);
    CHECK(heart->GetRasterBand(1)->GetMaskFlags() == GMF_ALL_VALID);
}

TEST_CASE("a dalle's picture is the same in a small city and in a large one")
{
    Folder const few, many;
    auto options = small(few.path());
    options.years = {2022};
    options.columns = options.rows = 4;
    options.dalle_pixels = 60;
    make_sample(options, {});
    options.into = many.path();
    options.columns = options.rows = 6;
    make_sample(options, {});
    fs::path const name = fs::path{"2022"} / "ortho" / "dalle_430800_6712800.tif";
    CHECK(read_text(few.path() / name) == read_text(many.path() / name));
}

TEST_CASE("the terrain model has cells of 1 m and the landscape's heights")
{
    Folder const folder;
    make_sample(small(folder.path()), {});
    auto const dataset = open(folder.path() / "dtm" / "dtm_430800_6712800.tif");
    REQUIRE(dataset);
    CHECK(dataset->GetRasterXSize() == 15);
    double transform[6];
    REQUIRE(dataset->GetGeoTransform(transform) == CE_None);
    CHECK(transform[0] == 430800);
    CHECK(transform[1] == 1);
    CHECK(transform[3] == 6712815);
    auto* const band = dataset->GetRasterBand(1);
    CHECK(band->GetRasterDataType() == GDT_Float32);
    CHECK(band->GetNoDataValue() == -99999);
    std::vector<float> heights(15 * 15);
    REQUIRE(band->RasterIO(GF_Read, 0, 0, 15, 15, heights.data(), 15, 15, GDT_Float32, 0, 0, nullptr) ==
            CE_None);
    ardoise::sample::Landscape const land{1};
    ardoise::sample::Footprint const footprint{1, {-300, -300, 900, 600}, 300};
    for (int i = 0; i < 15 * 15; ++i) {
        double const x = i % 15 + 0.5, y = 14.5 - i / 15;
        bool const known = footprint.contains({x * 20, -y * 20});
        CHECK(heights[static_cast<std::size_t>(i)] ==
              (known ? static_cast<float>(land.height({x, y})) : ardoise::sample::no_height));
    }
}

TEST_CASE("the README says that the city is made up and how to make it again")
{
    Folder const folder;
    auto options = small(folder.path());
    options.seed = 77;
    make_sample(options, {});
    auto const text = read_text(folder.path() / "README.txt");
    for (char const* const part :
         {"does not exist", "EPSG:2154", "2005, 2022", "seed 77", "-99999", "river.geojson"})
        CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("options that make no sense are refused by name before anything is written")
{
    Folder const folder;
    auto const refused = [&](auto change) {
        auto options = small(folder.path() / "city");
        change(options);
        return failure_of(options);
    };
    CHECK(refused([](auto& o) { o.into.clear(); }).find("--into") == 0);
    CHECK(refused([](auto& o) { o.columns = 0; }).find("--dalles 0x2") == 0);
    CHECK(refused([](auto& o) { o.rows = -1; }).find("--dalles 3x-1") == 0);
    CHECK(refused([](auto& o) { o.columns = 100000; }).find("--dalles") == 0);
    CHECK(refused([](auto& o) { o.years.clear(); }).find("--years") == 0);
    CHECK(refused([](auto& o) { o.years = {2022, 2022}; }).find("--years 2022") == 0);
    CHECK(refused([](auto& o) { o.years = {22}; }).find("--years 22") == 0);
    CHECK(refused([](auto& o) { o.dalle_pixels = 0; }).find("dalle_pixels 0") == 0);
    CHECK(refused([](auto& o) { o.jobs = 100000; }).find("--jobs") == 0);
    CHECK_FALSE(fs::exists(folder.path() / "city"));
}

TEST_CASE("a folder that cannot be made is a Failure that names it")
{
    Folder const folder;
    write_atomically(folder.path() / "file", "in the way");
    auto const message = failure_of(small(folder.path() / "file" / "city"));
    CHECK(message.find((folder.path() / "file" / "city").string()) == 0);
}

TEST_CASE("on a full disk the Failure names the file and nothing half-written stays")
{
    Folder const folder;
    auto options = small(folder.path());
    options.jobs = 2;
    std::string message;
    {
        SmallDisk const disk{20000};
        message = failure_of(options);
    }
    INFO(message);
    CHECK(message.find(folder.path().string()) == 0);
    CHECK(message.find("dalle_") != std::string::npos);
    for (auto const& [name, bytes] : files_of(folder.path())) {
        CHECK(name.find(".part") == std::string::npos);
        CHECK(bytes.size() <= 20000);
        CHECK((name.ends_with(".txt") || open(folder.path() / name)));
    }
}
