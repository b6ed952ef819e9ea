// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/pyramid_writer.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/store/slab_path.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_list_bytes = std::size_t{4} << 30;

/// Now, or SOURCE_DATE_EPOCH for builds that must come out the same (reproducible-builds.org).
std::string creation_time()
{
    std::time_t seconds = std::time(nullptr);
    if (char const* fixed = std::getenv("SOURCE_DATE_EPOCH"))
        seconds = static_cast<std::time_t>(std::strtoll(fixed, nullptr, 10));
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

[[noreturn]] void fail_as_not_begun(fs::path const& folder)
{
    fail("{}: is not there: nothing was planned, or all is published; run `ardoise plan` first",
         folder.string());
}

/// Where the work goes on. A piece wants it to have begun; where it has not, that is said before as much as a
/// lock is made.
fs::path folder_of_work(fs::path const& store, Pyramid const& pyramid, Purpose purpose)
{
    auto const& name = pyramid.name;
    if (purpose == Purpose::repair)
        return repair_folder(store, name);
    auto folder = building_folder(store, name);
    bool const was_begun = is_there(folder) || (was_never_published(store, name, pyramid.revision) &&
                                                !is_named(store, name, pyramid.revision));
    if (purpose == Purpose::piece && !was_begun)
        fail_as_not_begun(folder);
    return folder;
}

} // namespace

void publish_set(fs::path const& store, TileMatrixSet const& set, fs::path const& scratch)
{
    auto const shipped = TileMatrixSetLibrary::shipped();
    if (std::find(shipped.begin(), shipped.end(), set.id) == shipped.end())
        write_atomically(store / "tilematrixsets" / (set.id + ".json"), to_json(set).pretty_text(), scratch);
}

void check_name(std::string const& name)
{
    if (!is_plain_name(name) || name == "tilematrixsets")
        fail("the name \"{}\" will not do for a pyramid; use letters, digits, '_', '-' and '.'", name);
}

void refuse_taken_name(fs::path const& store, std::string const& name)
{
    auto const descriptor = descriptor_file(store, name).string();
    fail("{}: there is a pyramid of that name already; take it away with `ardoise remove {}`, or choose "
         "another name",
         descriptor, descriptor);
}

void check_new_name(fs::path const& store, std::string const& name)
{
    check_name(name);
    if (is_there(descriptor_file(store, name)))
        refuse_taken_name(store, name);
}

PyramidWriter::PyramidWriter(fs::path store, Pyramid pyramid, std::string const& recipe, Purpose purpose)
    : store_{std::move(store)}, building_{folder_of_work(store_, pyramid, purpose)},
      lock_{store_, pyramid.name, purpose == Purpose::piece ? Sharing::with_others : Sharing::alone},
      pyramid_{std::move(pyramid)}
{
    if (!is_there(descriptor_file()) && is_there(store_ / pyramid_.name) &&
        !is_left_by_a_pyramid(store_, pyramid_.name))
        fail("{}: is in the place of the pyramid's slabs and was not made by one; move it away",
             (store_ / pyramid_.name).string());
    if (fs::is_symlink(building_))
        fail("{}: is a link, and what it leads to would be cleared; remove it", building_.string());
    if (purpose != Purpose::repair)
        take_over_unpublished();
    if (purpose != Purpose::piece)
        make_folder(building_);
    else if (!is_there(building_)) // another process has published all, just before the lock was ours
        fail_as_not_begun(building_);
    try {
        start(recipe, purpose);
    } catch (...) {
        discard_unless_kept();
        throw;
    }
}

PyramidWriter::~PyramidWriter()
{
    if (!published_)
        discard_unless_kept();
}

void PyramidWriter::discard_unless_kept()
{
    std::error_code ignored;
    if (!kept_)
        fs::remove_all(building_, ignored);
}

void PyramidWriter::start(std::string const& recipe, Purpose purpose)
{
    auto const file = building_ / recipe_name;
    bool const goes_on = holds_text(file, recipe);
    kept_ = goes_on;
    if (goes_on && purpose != Purpose::piece)
        remove_unpublished_parts(building_, Depth::tree);
    if (goes_on)
        return;
    if (purpose == Purpose::piece) {
        kept_ = true; // it is not ours to remove
        fail("{}: is not what was planned, or was published already; run `ardoise plan` again",
             building_.string());
    }
    for (auto const& entry : fs::directory_iterator{building_})
        fs::remove_all(entry.path());
    write_atomically(file, recipe);
}

/// Killed between the last two steps of publish(): the folder has its name, and no descriptor speaks of it.
void PyramidWriter::take_over_unpublished()
{
    auto const folder = final_folder();
    if (is_there(building_) || !is_there(folder / recipe_name) || !is_there(folder / descriptor_copy_name))
        return;
    bool const holds_later_ones = pyramid_.revision == 1 && is_there(descriptor_file());
    if (holds_later_ones || is_named(store_, pyramid_.name, pyramid_.revision))
        return;
    std::error_code ignored;
    fs::rename(folder, building_, ignored);
}

fs::path PyramidWriter::final_folder() const
{
    return store_ / revision_folder(pyramid_.name, pyramid_.revision);
}

SlabChecksum PyramidWriter::write(char const* kind, Level const& level, TileIndex slab, ByteView bytes)
{
    auto const name = fs::path{kind} / level.id / slab_path(slab, level.path_depth);
    AtomicFile file{building_ / name};
    file.write(bytes);
    file.publish(Flush::later);
    SlabChecksum const written{name.string(), hash_of(bytes), bytes.size()};
    std::scoped_lock const lock{mutex_};
    written_[written.slab] = written;
    return written;
}

bool PyramidWriter::adopt(SlabChecksum const& written)
{
    auto const file = building_ / written.slab;
    if (!is_there(file))
        return false;
    MappedFile const mapped{file};
    if (mapped.bytes().size() != written.bytes || hash_of(mapped.bytes()) != written.hash)
        return false;
    std::scoped_lock const lock{mutex_};
    written_[written.slab] = written;
    return true;
}

void PyramidWriter::link(fs::path const& other_folder, SlabChecksum const& file)
{
    auto const target = building_ / file.slab;
    make_folder(target.parent_path());
    std::error_code trouble;
    fs::remove(target, trouble);
    fs::create_hard_link(other_folder / file.slab, target, trouble);
    if (trouble)
        fs::copy_file(other_folder / file.slab, target, trouble);
    if (trouble)
        fail("{}: cannot be taken over from {}: {}", target.string(), other_folder.string(),
             trouble.message());
    std::scoped_lock const lock{mutex_};
    written_[file.slab] = file;
}

void PyramidWriter::set_channels(std::int32_t channels)
{
    pyramid_.channels = channels;
    pyramid_.nodata.assign(static_cast<std::size_t>(channels), pyramid_.nodata.front());
    pyramid_.photometric = channels < 3 ? "gray" : "rgb";
}

bool PyramidWriter::has_masks() const
{
    return std::any_of(written_.begin(), written_.end(),
                       [](auto const& file) { return file.first.starts_with("MASK/"); });
}

/// ROK4's tools know pyramids with masks and pyramids without: where one level has some, all have the folder.
void PyramidWriter::make_mask_folders()
{
    if (has_masks())
        for (auto const& level : pyramid_.levels)
            make_folder(building_ / slab_kind::mask / level.id);
}

std::string PyramidWriter::descriptor_text(Json members)
{
    auto const folder = revision_folder(pyramid_.name, pyramid_.revision);
    bool const masked = has_masks();
    for (auto& level : pyramid_.levels)
        if (masked)
            level.mask_directory = final_folder() / slab_kind::mask / level.id;
    auto ours = Json::object({{"revision", pyramid_.revision},
                              {"created", creation_time()},
                              {"checksums", fmt::format("{}/{}", folder, checksums_file_name)}});
    for (auto const& [name, value] : *members.as<Json::Object>())
        ours.set(name, value);
    return to_json(pyramid_, std::move(ours)).pretty_text();
}

void PyramidWriter::take_name()
{
    auto const folder = final_folder();
    if (is_named(store_, pyramid_.name, pyramid_.revision))
        fail("{}: revision {} was published meanwhile by another process; run the command again",
             descriptor_file().string(), pyramid_.revision);
    // A folder that no descriptor speaks of is what somebody left who was killed just here, or what is left
    // of a pyramid whose descriptor was removed.
    std::error_code trouble;
    if (pyramid_.revision > 1 ||
        (!is_there(descriptor_file()) && is_left_by_a_pyramid(store_, pyramid_.name)))
        fs::remove_all(folder, trouble);
    make_folder(folder.parent_path());
    fs::rename(building_, folder, trouble);
    if (trouble)
        fail("{}: cannot take its name: {}", folder.string(), trouble.message());
}

/// Nothing is to be seen of what could not be published.
void PyramidWriter::give_name_back(std::optional<std::string> const& list_before)
{
    std::error_code ignored;
    fs::rename(final_folder(), building_, ignored);
    if (!list_before)
        fs::remove(list_file(), ignored);
    else if (!holds_text(list_file(), *list_before))
        write_atomically(list_file(), *list_before, building_);
}

/// Hidden files that a kill leaves of them lie in the revision's folder, where the next writer clears them
/// away.
void PyramidWriter::write_list_and_descriptor(std::vector<SlabChecksum> const& files,
                                              std::string const& descriptor)
{
    auto const list_before =
        is_there(list_file()) ? std::optional{read_text(list_file(), most_list_bytes)} : std::nullopt;
    try {
        flush_folder(
            final_folder().parent_path()); // the folder's own name, before the descriptor speaks of it
        write_atomically(list_file(), slab_list(final_folder(), files), final_folder());
        write_atomically(descriptor_file(), descriptor, final_folder());
        published_ = true;
    } catch (...) {
        // Once the descriptor has its name readers go by it, whatever the disk has said since.
        published_ = holds_text(descriptor_file(), descriptor);
        if (!published_)
            give_name_back(list_before);
        throw;
    }
}

std::vector<SlabChecksum> PyramidWriter::files() const
{
    std::vector<SlabChecksum> files;
    for (auto const& [name, file] : written_)
        files.push_back(file);
    return files;
}

PyramidWriter::Published PyramidWriter::publish(Json members)
{
    auto const files = this->files();
    Published result{files.size(), 0};
    for (auto const& file : files)
        result.bytes += file.bytes;
    auto const descriptor = descriptor_text(std::move(members));
    write_checksums(building_ / checksums_file_name, files);
    write_atomically(building_ / descriptor_copy_name, descriptor);
    publish_set(store_, *pyramid_.set, building_);
    make_mask_folders();
    flush_file_system(building_);
    take_name();
    write_list_and_descriptor(files, descriptor);
    remove_traces(final_folder());
    std::error_code ignored; // what a repair has left was made for a revision that is no longer published
    fs::remove_all(repair_folder(store_, pyramid_.name), ignored);
    return result;
}

fs::path building_folder(fs::path const& store, std::string const& name)
{
    return store / fmt::format(".{}.building", name);
}

fs::path repair_folder(fs::path const& store, std::string const& name)
{
    return store / fmt::format(".{}.repairing", name);
}

} // namespace ardoise
