// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/revisions.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/change_list.hpp"

#include <algorithm>
#include <set>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr char const* going_ending = ".removed";

/// A server may still read it, which takes a slab that is missing from its folder for one that holds nothing:
/// so the folder loses its name first. What a kill leaves goes with the next removal.
void remove_at_once(fs::path const& path)
{
    auto const going = path.parent_path() / fmt::format(".{}{}", path.filename().string(), going_ending);
    std::error_code ignored;
    fs::remove_all(going, ignored);
    fs::rename(path, going, ignored);
    fs::remove_all(going, ignored);
}

} // namespace

fs::path descriptor_file(fs::path const& store, std::string const& name)
{
    return store / (name + ".json");
}

fs::path list_file(fs::path const& store, std::string const& name)
{
    return store / (name + ".list");
}

std::string slab_list(fs::path const& folder, std::vector<SlabChecksum> const& files)
{
    auto text = fmt::format("0={}\n#\n", fs::absolute(folder).lexically_normal().string());
    for (auto const& file : files)
        if (!file.slab.starts_with(slab_kind::exact))
            text += fmt::format("0/{}\n", file.slab);
    return text;
}

std::vector<std::int64_t> revisions_of(fs::path const& store, std::string const& name)
{
    std::vector<std::int64_t> revisions;
    std::error_code ignored;
    if (is_there(store / name / descriptor_copy_name))
        revisions.push_back(1);
    for (fs::directory_iterator it{store / name, ignored}, end; it != end; it.increment(ignored)) {
        auto const folder = it->path().filename().string();
        auto const number = folder.starts_with('r')
                                ? parse_number<std::int64_t>(std::string_view{folder}.substr(1))
                                : std::nullopt;
        if (number && *number > 1 && is_there(it->path() / descriptor_copy_name))
            revisions.push_back(*number);
    }
    std::sort(revisions.begin(), revisions.end());
    return revisions;
}

Pyramid read_revision(fs::path const& store, std::string const& name, std::int64_t revision,
                      TileMatrixSetLibrary const& sets)
{
    auto const file = store / revision_folder(name, revision) / descriptor_copy_name;
    auto const document = read_json(file);
    return read_pyramid(JsonReader{document, file.string()}, name, store, sets);
}

bool is_named(fs::path const& store, std::string const& name, std::int64_t revision)
{
    auto const descriptor = descriptor_file(store, name);
    if (!is_there(descriptor))
        return false;
    try {
        auto const document = read_json(descriptor);
        auto const* ours = document.find("ardoise");
        auto const* number = ours ? ours->find("revision") : nullptr;
        auto const* named = number ? number->as<std::int64_t>() : nullptr;
        return named ? *named == revision : revision == 1;
    } catch (Failure const&) {
        return true;
    }
}

bool is_published(fs::path const& store, std::string const& name, std::string const& recipe)
{
    auto const folder = store / revision_folder(name, 1), copy = folder / descriptor_copy_name;
    return holds_text(folder / recipe_name, recipe) && is_there(copy) &&
           holds_text(descriptor_file(store, name), read_text(copy));
}

std::vector<fs::path> journals_in(fs::path const& folder)
{
    std::error_code ignored;
    std::vector<fs::path> journals;
    for (fs::directory_iterator it{folder, ignored}, end; it != end; it.increment(ignored))
        if (it->path().filename().string().starts_with(journal_prefix))
            journals.push_back(it->path());
    std::sort(journals.begin(), journals.end());
    return journals;
}

bool was_never_published(fs::path const& store, std::string const& name, std::int64_t revision)
{
    return !journals_in(store / revision_folder(name, revision)).empty();
}

bool is_left_by_a_pyramid(fs::path const& store, std::string const& name)
{
    std::error_code ignored;
    return fs::is_empty(store / name, ignored) || is_there(store / name / checksums_file_name) ||
           !revisions_of(store, name).empty();
}

void remove_traces(fs::path const& folder)
{
    std::error_code ignored;
    for (auto const& journal : journals_in(folder))
        fs::remove(journal, ignored);
}

void remove_unpublished_parts(fs::path const& folder, Depth depth)
{
    std::error_code ignored;
    std::vector<fs::path> parts;
    for (fs::recursive_directory_iterator it{folder, ignored}, end; it != end; it.increment(ignored)) {
        if (depth == Depth::folder)
            it.disable_recursion_pending();
        if (is_unpublished_part(it->path()))
            parts.push_back(it->path());
    }
    for (auto const& part : parts)
        fs::remove(part, ignored);
}

void publish_again(fs::path const& store, std::string const& name, std::int64_t revision)
{
    auto const folder = store / revision_folder(name, revision);
    remove_unpublished_parts(folder, Depth::folder);
    auto const descriptor = read_text(folder / descriptor_copy_name);
    write_atomically(list_file(store, name), slab_list(folder, read_checksums(folder / checksums_file_name)),
                     folder);
    write_atomically(descriptor_file(store, name), descriptor, folder);
}

void remove_revision(fs::path const& store, std::string const& name, std::int64_t revision)
{
    auto const folder = store / revision_folder(name, revision);
    std::error_code ignored;
    // What says that it is a revision goes first: half removed, it is none any more.
    fs::remove(folder / descriptor_copy_name, ignored);
    if (revision > 1) {
        remove_at_once(folder);
        return;
    }
    // The first revision's folder holds those of the later ones.
    for (char const* part :
         {slab_kind::data, slab_kind::mask, slab_kind::exact, checksums_file_name, recipe_name,
          drawn_from_name, report_name, preview_name, change_list_name, owed_change_list_name})
        remove_at_once(folder / part);
}

std::int64_t next_revision(fs::path const& store, std::string const& name, std::int64_t published)
{
    auto last = published;
    for (auto const revision : revisions_of(store, name))
        last = std::max(last, revision);
    return last > published && was_never_published(store, name, last) ? last : last + 1;
}

void remove_old_revisions(fs::path const& store, std::string const& name, std::int64_t before,
                          std::int64_t published, std::size_t keep)
{
    auto revisions = revisions_of(store, name);
    std::reverse(revisions.begin(), revisions.end());
    std::set<std::int64_t> kept;
    for (auto const revision : revisions) {
        bool const was_rolled_back = revision < published && revision > before;
        if (!was_rolled_back && kept.size() < keep)
            kept.insert(revision);
    }
    for (std::int64_t revision = 1; revision < published; ++revision)
        if (!kept.contains(revision))
            remove_revision(store, name, revision);
}

bool is_half_removed(fs::path const& path)
{
    auto const name = path.filename().string();
    return name.starts_with('.') && name.ends_with(going_ending);
}

} // namespace ardoise
