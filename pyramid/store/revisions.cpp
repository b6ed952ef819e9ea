// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/revisions.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <algorithm>

namespace ardoise {

namespace fs = std::filesystem;

std::vector<std::int64_t> revisions_of(fs::path const& store, std::string const& name)
{
    std::vector<std::int64_t> revisions;
    std::error_code ignored;
    if (fs::exists(store / name / descriptor_copy_name, ignored))
        revisions.push_back(1);
    for (fs::directory_iterator it{store / name, ignored}, end; it != end; it.increment(ignored)) {
        auto const folder = it->path().filename().string();
        auto const number = folder.starts_with('r')
                                ? parse_number<std::int64_t>(std::string_view{folder}.substr(1))
                                : std::nullopt;
        if (number && *number > 1 && fs::exists(it->path() / descriptor_copy_name, ignored))
            revisions.push_back(*number);
    }
    std::sort(revisions.begin(), revisions.end());
    return revisions;
}

void publish_again(fs::path const& store, std::string const& name, std::int64_t revision)
{
    auto const folder = store / revision_folder(name, revision);
    auto const descriptor = read_text(folder / descriptor_copy_name);
    write_atomically(store / (name + ".list"),
                     slab_list(folder, read_checksums(folder / checksums_file_name)));
    write_atomically(store / (name + ".json"), descriptor);
}

void remove_revision(fs::path const& store, std::string const& name, std::int64_t revision)
{
    auto const folder = store / revision_folder(name, revision);
    std::error_code ignored;
    // What says that it is a revision goes first: half removed, it is none any more.
    fs::remove(folder / descriptor_copy_name, ignored);
    if (revision > 1) {
        fs::remove_all(folder, ignored);
        return;
    }
    // The first revision's folder holds those of the later ones.
    for (char const* part : {slab_kind::data, slab_kind::mask, slab_kind::exact, checksums_file_name,
                             recipe_name, report_name, preview_name})
        fs::remove_all(folder / part, ignored);
}

} // namespace ardoise
