// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/source_record.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/build/dataset.hpp"
#include "pyramid/build/vrt.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

struct Fingerprint {
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;
};

/// Nothing where there is no such file.
std::optional<Fingerprint> fingerprint_of(std::string const& file)
{
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0)
        return std::nullopt;
    return Fingerprint{static_cast<std::uint64_t>(found.st_size),
                       found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
}

/// FNV-1a.
std::uint64_t hash_of(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (char const c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

/// Paths at which GDAL looks for what changes the image: a.tif.msk, a.tif.aux.xml, a.tfw, a.tifw, a.wld...
std::vector<std::string> possible_sidecars(fs::path const& file)
{
    auto const whole = file.string();
    std::vector<std::string> paths{whole + ".msk", whole + ".aux.xml"};
    auto const ending = file.extension().string(); // with its dot
    auto const stem = whole.substr(0, whole.size() - ending.size());
    std::vector<std::string> endings{".wld", ".tab", ".prj"};
    if (ending.size() >= 3)
        endings.insert(endings.end(), {ending + "w", {'.', ending[1], ending.back(), 'w'}});
    for (auto const& other : endings) {
        paths.push_back(stem + other);
        paths.push_back(stem + upper(other));
    }
    return paths;
}

std::uint64_t sidecars_of(fs::path const& file)
{
    auto paths = possible_sidecars(file);
    if (is_vrt(file))
        for (auto const& named : files_of_vrt(file))
            paths.push_back(named.string());
    std::string found;
    for (auto const& path : paths)
        if (auto const fingerprint = fingerprint_of(path))
            fmt::format_to(std::back_inserter(found), "{} {} {}\n", path.substr(path.rfind('/') + 1),
                           fingerprint->bytes, fingerprint->modified_ns);
    return found.empty() ? 0 : hash_of(found);
}

using KnownRecords = std::unordered_map<std::string_view, SourceRecord const*>;

SourceRecord describe(fs::path const& file, SourceOptions const& options, KnownRecords const& known)
{
    // Looked at before the file is opened: a change in between shows next time.
    auto const fingerprint = fingerprint_of(file.string());
    if (!fingerprint)
        fail("{}: there is no such file", file.string());
    auto const sidecars = sidecars_of(file);
    if (auto const found = known.find(file.native()); found != known.end() && !is_vrt(file)) {
        auto const& record = *found->second;
        if (record.bytes == fingerprint->bytes && record.modified_ns == fingerprint->modified_ns &&
            record.sidecars == sidecars)
            return record;
    }
    return {.source = describe_source(file, options),
            .bytes = fingerprint->bytes,
            .modified_ns = fingerprint->modified_ns,
            .sidecars = sidecars};
}

SampleType type_of(JsonReader const& bytes)
{
    auto const found = bytes.integer();
    for (auto const type : {SampleType::uint8, SampleType::uint16, SampleType::float32})
        if (static_cast<std::int64_t>(bytes_per_sample(type)) == found)
            return type;
    bytes.refuse("expected 1, 2 or 4");
}

double coordinate(JsonReader const& text)
{
    auto const value = parse_number<double>(text.string());
    if (!value)
        text.refuse("expected a number, as text");
    return *value;
}

std::uint64_t hash(JsonReader const& text)
{
    auto const& digits = text.string();
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc{} || end != digits.data() + digits.size())
        text.refuse("expected hexadecimal digits");
    return value;
}

SourceRecord read_record(JsonReader const& json, std::span<Crs const> systems)
{
    auto const fields = json.items();
    if (fields.size() != 14)
        json.refuse("expected 14 fields");
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (systems.empty())
        fields[4].refuse("there is no CRS");
    Source source{
        .file = fields[0].string(),
        .crs = systems[static_cast<std::size_t>(
            fields[4].integer(0, static_cast<std::int64_t>(systems.size()) - 1))],
        .left = coordinate(fields[5]),
        .top = coordinate(fields[6]),
        .pixel_width = coordinate(fields[7]),
        .pixel_height = coordinate(fields[8]),
        .width = fields[9].integer(1, most),
        .height = fields[10].integer(1, most),
        .bands = static_cast<int>(fields[11].integer(1, 65535)),
        .type = type_of(fields[12]),
        .palette = fields[13].boolean(),
    };
    if (source.pixel_width <= 0 || source.pixel_height <= 0)
        json.refuse("expected pixels larger than nothing");
    return {.source = std::move(source),
            .bytes =
                static_cast<std::uint64_t>(fields[1].integer(0, std::numeric_limits<std::int64_t>::max())),
            .modified_ns = fields[2].integer(),
            .sidecars = hash(fields[3])};
}

} // namespace

std::vector<SourceRecord> describe_sources(std::span<fs::path const> files, SourceOptions const& options,
                                           std::span<SourceRecord const> known, unsigned threads)
{
    KnownRecords known_by_path;
    for (auto const& record : known)
        known_by_path.emplace(record.source.file.native(), &record);
    std::vector<std::optional<SourceRecord>> described(files.size());
    // Files are taken in order, so those before the one that failed are taken too, and are waited for.
    std::atomic<std::size_t> next{0}, first_failed{files.size()};
    std::exception_ptr failure;
    std::mutex mutex; // of the failure
    auto const work = [&] {
        for (auto i = next++; i < first_failed; i = next++) {
            try {
                described[i] = describe(files[i], options, known_by_path);
            } catch (...) {
                std::scoped_lock const lock{mutex};
                if (i < first_failed) {
                    first_failed = i;
                    failure = std::current_exception();
                }
            }
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < std::min<std::size_t>(threads, files.size()); ++i)
            others.emplace_back(work);
        work();
    }
    if (failure)
        std::rethrow_exception(failure);
    std::vector<SourceRecord> records;
    records.reserve(files.size());
    for (auto& record : described)
        records.push_back(*std::move(record));
    return records;
}

void check_unchanged(std::span<SourceRecord const> records)
{
    for (auto const& record : records) {
        auto const now = fingerprint_of(record.source.file.string());
        if (!now || now->bytes != record.bytes || now->modified_ns != record.modified_ns)
            fail("{}: was changed or removed while it was read; put it right and run the same command again",
                 record.source.file.string());
    }
}

Json to_json(std::span<SourceRecord const> records)
{
    std::map<std::string_view, std::int64_t> numbers;
    auto systems = Json::array(), sources = Json::array();
    for (auto const& record : records) {
        auto const& source = record.source;
        auto const [crs, is_new] =
            numbers.emplace(source.crs.definition(), static_cast<std::int64_t>(numbers.size()));
        if (is_new)
            systems.add(crs->first);
        sources.add(
            Json::array({source.file.string(), static_cast<std::int64_t>(record.bytes), record.modified_ns,
                         fmt::format("{:016x}", record.sidecars), crs->second, fmt::to_string(source.left),
                         fmt::to_string(source.top), fmt::to_string(source.pixel_width),
                         fmt::to_string(source.pixel_height), source.width, source.height, source.bands,
                         static_cast<std::int64_t>(bytes_per_sample(source.type)), source.palette}));
    }
    return Json::object({{"crs", std::move(systems)}, {"sources", std::move(sources)}});
}

std::vector<SourceRecord> read_source_records(JsonReader const& json)
{
    std::vector<Crs> systems;
    for (auto const& definition : json.at("crs").items())
        systems.push_back(Crs::from_definition(definition.string()));
    std::vector<SourceRecord> records;
    for (auto const& record : json.at("sources").items())
        records.push_back(read_record(record, systems));
    return records;
}

} // namespace ardoise
