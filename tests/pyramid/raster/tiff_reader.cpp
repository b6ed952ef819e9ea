// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/raster/tiff_reader.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace ardoise::test {

TiffFile open_by_libtiff(Bytes const& bytes)
{
    int const descriptor = memfd_create("tile.tif", 0); // libtiff closes it
    REQUIRE(write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    REQUIRE(lseek(descriptor, 0, SEEK_SET) == 0);
    return TiffFile{TIFFFdOpen(descriptor, "tile.tif", "rc")}; // c: strips as they are, not chopped
}

Raster read_by_libtiff(Bytes const& bytes, RasterShape shape)
{
    auto const file = open_by_libtiff(bytes);
    REQUIRE(file);
    CHECK(field<std::uint32_t>(file.get(), TIFFTAG_IMAGEWIDTH) == static_cast<std::uint32_t>(shape.width));
    CHECK(field<std::uint32_t>(file.get(), TIFFTAG_IMAGELENGTH) == static_cast<std::uint32_t>(shape.height));
    CHECK(field<std::uint16_t>(file.get(), TIFFTAG_SAMPLESPERPIXEL) == shape.channels);
    CHECK(field<std::uint16_t>(file.get(), TIFFTAG_BITSPERSAMPLE) == 8 * bytes_per_sample(shape.type));
    CHECK(field<std::uint16_t>(file.get(), TIFFTAG_SAMPLEFORMAT) ==
          (shape.type == SampleType::float32 ? 3 : 1));
    CHECK(field<std::uint16_t>(file.get(), TIFFTAG_PHOTOMETRIC) == (shape.channels < 3 ? 1 : 2));
    Raster raster{shape};
    tmsize_t done = 0;
    for (std::uint32_t strip = 0; strip < TIFFNumberOfStrips(file.get()); ++strip) {
        auto const size = TIFFReadEncodedStrip(file.get(), strip, raster.row<std::byte>(0) + done,
                                               static_cast<tmsize_t>(shape.bytes()) - done);
        REQUIRE(size > 0);
        done += size;
    }
    CHECK(done == static_cast<tmsize_t>(shape.bytes()));
    return raster;
}

} // namespace ardoise::test
