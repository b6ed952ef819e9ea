// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/removal.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/change_list.hpp"
#include "pyramid/store/pyramid_writer.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <sys/stat.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// Where a pyramid's parts are, whether they are there or not.
struct Places {
    fs::path store; // absolute
    std::string name;

    fs::path descriptor() const { return descriptor_file(store, name); }
    fs::path list() const { return list_file(store, name); }
    fs::path folder() const { return store / name; }
    /// Says that removing has begun, and takes the folder in.
    fs::path removing() const { return store / fmt::format(".{}.removing", name); }
    fs::path lock() const { return lock_file_of(store, name); }
    /// Hidden folders of work that was killed.
    std::vector<fs::path> works() const { return {building_folder(store, name), repair_folder(store, name)}; }
};

bool is_link(fs::path const& path)
{
    std::error_code ignored;
    return fs::is_symlink(path, ignored);
}

void refuse_link(fs::path const& path)
{
    if (is_link(path))
        fail("{}: is a link, and what it leads to may not be the pyramid's; remove it by hand",
             path.string());
}

bool is_there_or_link(fs::path const& path)
{
    return is_there(path) || is_link(path);
}

Places places_of(fs::path const& descriptor)
{
    auto const name = descriptor.stem().string();
    if (descriptor.extension() != ".json" || !is_plain_name(name))
        fail("{}: is no name of a pyramid's descriptor, which is STORE/NAME.json", descriptor.string());
    // As the kernel reads it: behind a link, ".." leads elsewhere than the text says.
    std::error_code trouble;
    auto const store = fs::canonical(fs::absolute(descriptor).parent_path(), trouble);
    if (trouble)
        fail("{}: is not there: {}", descriptor.string(), trouble.message());
    return {store, name};
}

bool is_revision_folder(std::string const& name)
{
    return name.starts_with('r') && parse_number<std::int64_t>(std::string_view{name}.substr(1)).has_value();
}

/// Names that this library gives in the folder of a first revision.
bool is_usual(fs::path const& entry)
{
    static std::set<std::string> const usual{slab_kind::data,     slab_kind::mask,      slab_kind::exact,
                                             checksums_file_name, recipe_name,          drawn_from_name,
                                             report_name,         descriptor_copy_name, preview_name,
                                             change_list_name,    owed_change_list_name};
    auto const name = entry.filename().string();
    return usual.contains(name) || is_revision_folder(name) || name.starts_with(journal_prefix) ||
           is_unpublished_part(entry) || is_half_removed(entry);
}

/// What the descriptor says must lie in the pyramid's own folder, and be no way out of it. Returns the
/// entries of that folder in which slabs lie.
std::set<fs::path> folders_of_slabs(Pyramid const& pyramid, Places const& places)
{
    std::set<fs::path> folders;
    for (auto const& level : pyramid.levels)
        for (auto const& directory : {std::optional{level.directory}, level.mask_directory}) {
            if (!directory)
                continue;
            auto const below = directory->lexically_normal().lexically_relative(places.folder());
            if (below.empty() || below.begin()->string() == ".." || below == ".")
                fail("{}: its slabs lie in {}, which is not its own folder, {}; remove it by hand",
                     places.descriptor().string(), directory->string(), places.folder().string());
            folders.insert(places.folder() / *below.begin());
            auto part = places.folder();
            for (auto const& step : below)
                refuse_link(part /= step);
        }
    return folders;
}

/// Whoever put something else there wants to keep it.
void check_entries(Places const& places, std::set<fs::path> const& folders_of_slabs)
{
    if (!is_there(places.folder()))
        return;
    std::error_code trouble;
    for (fs::directory_iterator it{places.folder(), trouble}, end; !trouble && it != end;
         it.increment(trouble))
        if (!is_usual(it->path()) && !folders_of_slabs.contains(it->path()))
            fail("{}: is no part of the pyramid; move it away, then remove the pyramid", it->path().string());
    if (trouble)
        fail("{}: cannot be read: {}", places.folder().string(), trouble.message());
}

void check(Places const& places, TileMatrixSetLibrary const& sets)
{
    auto const descriptor = places.descriptor(), folder = places.folder();
    for (auto const& path : {descriptor, folder, places.removing()})
        refuse_link(path);
    if (is_there(descriptor)) {
        check_entries(places, folders_of_slabs(read_pyramid(descriptor, sets), places));
        return;
    }
    if (is_there(places.removing())) {
        // The one that was killed has checked all before it began. A folder that came after it had hidden
        // its own is another's.
        if (is_there(places.removing() / places.name))
            check_entries(places, {});
        return;
    }
    if (is_there(folder) && !is_left_by_a_pyramid(places.store, places.name))
        fail("{}: is not there, and {} was not made by a pyramid", descriptor.string(), folder.string());
    check_entries(places, {});
}

std::vector<fs::path> parts_of(Places const& places)
{
    std::vector<fs::path> parts{places.descriptor(), places.list(), places.folder()};
    for (auto const& work : places.works())
        parts.push_back(work);
    parts.push_back(places.removing());
    parts.push_back(places.lock());
    std::erase_if(parts, [](fs::path const& part) { return !is_there_or_link(part); });
    return parts;
}

/// Bytes of files, those with several names once.
class Weighing {
public:
    void add(fs::path const& path)
    {
        add_file(path);
        std::error_code ignored;
        if (is_link(path))
            return;
        for (fs::recursive_directory_iterator it{path, ignored}, end; it != end; it.increment(ignored))
            add_file(it->path());
    }
    std::uint64_t bytes() const { return bytes_; }

private:
    void add_file(fs::path const& file)
    {
        struct stat facts {};
        if (::lstat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode))
            return;
        if (facts.st_nlink == 1 || seen_.emplace(facts.st_dev, facts.st_ino).second)
            bytes_ += static_cast<std::uint64_t>(facts.st_size);
    }

    std::set<std::pair<dev_t, ino_t>> seen_;
    std::uint64_t bytes_ = 0;
};

/// A file, a link, or a folder with all that is in it.
void take_away(fs::path const& path)
{
    std::error_code trouble;
    fs::remove_all(path, trouble);
    if (trouble)
        fail("{}: cannot be removed: {}; run the command again when that is mended", path.string(),
             trouble.message());
}

/// In one step: from now on nobody takes what is half removed for a pyramid.
void hide_folder(Places const& places)
{
    if (!is_there(places.folder()))
        return;
    auto const hidden = places.removing() / places.name;
    take_away(hidden); // of an earlier one that was killed, before another pyramid took the name
    std::error_code trouble;
    fs::rename(places.folder(), hidden, trouble);
    if (trouble)
        fail("{}: cannot be removed: {}", places.folder().string(), trouble.message());
}

} // namespace

Removal remove_pyramid(fs::path const& descriptor, TileMatrixSetLibrary const& sets)
{
    auto const places = places_of(descriptor);
    if (parts_of(places).empty())
        fail("{}: is not there, and nothing else of a pyramid of that name is", descriptor.string());
    Removal removal{parts_of(places), 0};
    PyramidLock const lock{places.store, places.name};
    check(places, sets);
    Weighing weighing;
    for (auto const& part : removal.removed)
        weighing.add(part);
    removal.bytes = weighing.bytes();

    make_folder(places.removing());
    take_away(places.descriptor());
    flush_folder(
        places.store); // no descriptor speaks of slabs that are gone, whatever happens to the machine
    take_away(places.list());
    hide_folder(places);
    for (auto const& work : places.works())
        take_away(work);
    take_away(places.removing());
    return removal;
}

} // namespace ardoise
