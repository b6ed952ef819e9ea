// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source_record.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/json_path.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/sources/dataset.hpp"
#include "pyramid/sources/sidecars.hpp"

#include <atomic>
#include <charconv>
#include <limits>
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

using KnownRecords = std::unordered_map<std::string_view, SourceRecord const*>;

bool is_as_described(SourceRecord const& record, Fingerprint const& now, Neighbours const& neighbours)
{
    auto const& file = record.source.file;
    return !is_vrt(file) && record.bytes == now.bytes && record.modified_ns == now.modified_ns &&
           record.sidecars == sidecars_of(file, record.unusual_sidecars) &&
           !neighbours.may_say_more(file, record.unusual_sidecars);
}

SourceRecord describe(fs::path const& file, SourceOptions const& options, KnownRecords const& known,
                      Neighbours const& neighbours)
{
    // Looked at before the file is opened: a change in between shows next time.
    auto const fingerprint = fingerprint_of(file.string());
    if (!fingerprint)
        fail("{}: there is no such file", file.string());
    if (auto const found = known.find(file.native());
        found != known.end() && is_as_described(*found->second, *fingerprint, neighbours))
        return *found->second;
    auto const usual_ones = sidecars_of(file, {});
    auto [source, files] = describe_with_files(file, options);
    auto unusual = unusual_sidecars(file, files);
    auto const sidecars = unusual.empty() ? usual_ones : sidecars_of(file, unusual);
    return {.source = std::move(source),
            .bytes = fingerprint->bytes,
            .modified_ns = fingerprint->modified_ns,
            .sidecars = sidecars,
            .unusual_sidecars = std::move(unusual)};
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
    if (fields.size() < 14 || fields.size() > 16)
        json.refuse("expected 14 to 16 fields");
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (systems.empty())
        fields[4].refuse("there is no CRS");
    Source source{
        .file = read_path(fields[0]),
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
        .unit = fields.size() > 15 ? fields[15].string() : "",
    };
    if (source.pixel_width <= 0 || source.pixel_height <= 0)
        json.refuse("expected pixels larger than nothing");
    if (!has_a_place(source))
        json.refuse("expected a georeference that can be meant");
    SourceRecord record{
        .source = std::move(source),
        .bytes = static_cast<std::uint64_t>(fields[1].integer(0, std::numeric_limits<std::int64_t>::max())),
        .modified_ns = fields[2].integer(),
        .sidecars = hash(fields[3]),
        .unusual_sidecars = {}};
    if (fields.size() > 14)
        for (auto const& sidecar : fields[14].items())
            record.unusual_sidecars.push_back(read_path(sidecar));
    return record;
}

Json paths_json(std::span<fs::path const> paths)
{
    auto json = Json::array();
    for (auto const& path : paths)
        json.add(path_json(path));
    return json;
}

} // namespace

std::vector<SourceRecord> describe_sources(std::span<fs::path const> files, SourceOptions const& options,
                                           std::span<SourceRecord const> known, unsigned threads)
{
    KnownRecords known_by_path;
    for (auto const& record : known)
        known_by_path.emplace(record.source.file.native(), &record);
    Neighbours const neighbours{known.empty() ? std::span<fs::path const>{} : files};
    std::vector<std::optional<SourceRecord>> described(files.size());
    // Files are taken in order, so those before the one that failed are taken too, and are waited for.
    std::atomic<std::size_t> next{0}, first_failed{files.size()};
    std::exception_ptr failure;
    std::mutex mutex; // of the failure
    auto const work = [&] {
        for (auto i = next++; i < first_failed; i = next++) {
            try {
                described[i] = describe(files[i], options, known_by_path, neighbours);
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
        auto fields =
            Json::array({path_json(source.file), static_cast<std::int64_t>(record.bytes), record.modified_ns,
                         fmt::format("{:016x}", record.sidecars), crs->second, fmt::to_string(source.left),
                         fmt::to_string(source.top), fmt::to_string(source.pixel_width),
                         fmt::to_string(source.pixel_height), source.width, source.height, source.bands,
                         static_cast<std::int64_t>(bytes_per_sample(source.type)), source.palette});
        if (auto const& unit = record.source.unit; !unit.empty() || !record.unusual_sidecars.empty()) {
            fields.add(paths_json(record.unusual_sidecars));
            if (!unit.empty())
                fields.add(unit);
        }
        sources.add(std::move(fields));
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
