// SPDX-License-Identifier: Apache-2.0
// Files beside an image that change its pixels or their place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ardoise {

struct Fingerprint {
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0; // nanoseconds since 1970
};

/// Nothing where there is no such file.
std::optional<Fingerprint> fingerprint_of(std::string const& file);

/// Those of `read`, the files that GDAL read for an image, that sidecars_of() does not look for of itself:
/// names within the image's folder, or whole paths; sorted. Overviews are not among them: no build reads
/// them. Of a VRT there are none.
std::vector<std::filesystem::path> unusual_sidecars(std::filesystem::path const& image,
                                                    std::span<std::filesystem::path const> read);

/// Hash of the names, sizes and times of what there is: the mask (.msk), .aux.xml, world files, .tab and .prj
/// of every image, the `unusual` ones of this one; of a VRT also the files that it names, and what lies
/// beside those. 0: nothing. Opens no file but VRTs.
std::uint64_t sidecars_of(std::filesystem::path const& image, std::span<std::filesystem::path const> unusual);

/// What lies beside images: each folder is read once. Immutable: safe to share.
class Neighbours {
public:
    explicit Neighbours(std::span<std::filesystem::path const> images);

    /// Whether a file is called like the image that GDAL might read with it, and that is neither among the
    /// usual sidecars nor the `unusual` ones, nor one of the images.
    bool may_say_more(std::filesystem::path const& image,
                      std::span<std::filesystem::path const> unusual) const;

private:
    std::set<std::filesystem::path> images_;
    std::map<std::filesystem::path, std::vector<std::string>> names_; // by folder, sorted
};

} // namespace ardoise
