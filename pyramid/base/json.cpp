// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/json.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

Json from_boost(boost::json::value const& value)
{
    switch (value.kind()) {
    case boost::json::kind::null:
        return {};
    case boost::json::kind::bool_:
        return value.get_bool();
    case boost::json::kind::int64:
        return value.get_int64();
    case boost::json::kind::uint64:
        return static_cast<double>(value.get_uint64());
    case boost::json::kind::double_:
        return value.get_double();
    case boost::json::kind::string:
        return std::string_view{value.get_string()};
    case boost::json::kind::array: {
        Json::Array items;
        for (auto const& item : value.get_array())
            items.push_back(from_boost(item));
        return items;
    }
    case boost::json::kind::object:
        break;
    }
    Json::Object members;
    for (auto const& member : value.get_object())
        members.emplace_back(std::string{member.key()}, from_boost(member.value()));
    return members;
}

void write_string(std::string& out, std::string_view text)
{
    out += '"';
    for (char const c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
            else
                out += c;
        }
    }
    out += '"';
}

/// A negative `indent` writes everything on one line.
void write(std::string& out, Json const& json, int indent);

template <typename Items, typename WriteItem>
void write_items(std::string& out, Items const& items, char open, char close, int indent,
                 WriteItem write_item)
{
    out += open;
    auto const new_line = [&](int depth) {
        if (indent >= 0)
            out.append("\n").append(static_cast<std::size_t>(depth) * 2, ' ');
    };
    bool first = true;
    for (auto const& item : items) {
        if (!first)
            out += ',';
        first = false;
        new_line(indent + 1);
        write_item(item);
    }
    if (!items.empty())
        new_line(indent);
    out += close;
}

void write(std::string& out, Json const& json, int indent)
{
    int const inner = indent < 0 ? indent : indent + 1;
    if (json.is_null())
        out += "null";
    else if (auto const* flag = json.as<bool>())
        out += *flag ? "true" : "false";
    else if (auto const* integer = json.as<std::int64_t>())
        out += fmt::to_string(*integer);
    else if (auto const* number = json.as<double>())
        out += std::isfinite(*number) ? fmt::format("{}", *number) : "null";
    else if (auto const* text = json.as<std::string>())
        write_string(out, *text);
    else if (auto const* items = json.as<Json::Array>())
        write_items(out, *items, '[', ']', indent, [&](Json const& item) { write(out, item, inner); });
    else if (auto const* members = json.as<Json::Object>())
        write_items(out, *members, '{', '}', indent, [&](Json::Member const& member) {
            write_string(out, member.first);
            out += indent < 0 ? ":" : ": ";
            write(out, member.second, inner);
        });
}

} // namespace

Json const* Json::find(std::string_view name) const
{
    auto const* members = as<Object>();
    if (!members)
        return nullptr;
    auto const found =
        std::find_if(members->begin(), members->end(), [&](auto const& m) { return m.first == name; });
    return found == members->end() ? nullptr : &found->second;
}

void Json::set(std::string_view name, Json value)
{
    auto& members = std::get<Object>(value_);
    auto const found =
        std::find_if(members.begin(), members.end(), [&](auto const& m) { return m.first == name; });
    if (found == members.end())
        members.emplace_back(std::string{name}, std::move(value));
    else
        found->second = std::move(value);
}

void Json::add(Json value)
{
    std::get<Array>(value_).push_back(std::move(value));
}

std::string Json::text() const
{
    std::string out;
    write(out, *this, -1);
    return out;
}

std::string Json::pretty_text() const
{
    std::string out;
    write(out, *this, 0);
    out += '\n';
    return out;
}

Json parse_json(std::string_view text, std::string_view name_of_source)
{
    boost::json::parse_options options;
    options.allow_comments = true;
    options.allow_trailing_commas = true;
    boost::json::monotonic_resource memory; // of the parser's own form, which is gone at the end
    boost::json::stream_parser parser{{}, options};
    parser.reset(&memory);
    boost::json::error_code trouble;
    // Boost 1.81 counts wildly when a comment is broken off by its second character.
    std::size_t const read = std::min(parser.write_some(text.data(), text.size(), trouble), text.size());
    auto const rest = text.substr(read);
    bool const trailing = !trouble && rest.find_first_not_of(" \t\r\n") != std::string_view::npos;
    if (!trouble && !trailing)
        parser.finish(trouble);
    if (trouble || trailing) {
        auto const line =
            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
        fail("{}: line {}: not JSON: {}", name_of_source, line,
             trouble ? trouble.message() : "something follows the end of the document");
    }
    return from_boost(parser.release());
}

Json read_json(std::filesystem::path const& file)
{
    return parse_json(read_text(file), file.string());
}

JsonReader JsonReader::at(std::string_view member) const
{
    auto found = find(member);
    if (!found)
        refuse(fmt::format("has no \"{}\"", member));
    return *std::move(found);
}

std::optional<JsonReader> JsonReader::find(std::string_view member) const
{
    if (!value_->as<Json::Object>())
        refuse("expected an object");
    auto const* found = value_->find(member);
    if (!found || found->is_null())
        return std::nullopt;
    bool const top = path_.find(": ") == std::string::npos;
    return JsonReader{*found, fmt::format("{}{}{}", path_, top ? ": " : ".", member)};
}

std::vector<JsonReader> JsonReader::items() const
{
    auto const* array = value_->as<Json::Array>();
    if (!array)
        refuse("expected an array");
    std::vector<JsonReader> readers;
    for (std::size_t i = 0; i < array->size(); ++i)
        readers.emplace_back((*array)[i], fmt::format("{}[{}]", path_, i));
    return readers;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const
{
    auto const* object = value_->as<Json::Object>();
    if (!object)
        refuse("expected an object");
    std::vector<std::pair<std::string, JsonReader>> readers;
    for (auto const& [name, value] : *object)
        readers.emplace_back(name, at(name));
    return readers;
}

std::string const& JsonReader::string() const
{
    auto const* text = value_->as<std::string>();
    if (!text)
        refuse("expected a string");
    return *text;
}

double JsonReader::number() const
{
    if (auto const* integer = value_->as<std::int64_t>())
        return static_cast<double>(*integer);
    auto const* number = value_->as<double>();
    if (!number)
        refuse("expected a number");
    if (!std::isfinite(*number))
        refuse("is a larger number than can be held");
    return *number;
}

std::int64_t JsonReader::integer() const
{
    if (auto const* integer = value_->as<std::int64_t>())
        return *integer;
    auto const* number = value_->as<double>();
    if (!number || std::abs(*number) > 9.0e15 || std::floor(*number) != *number)
        refuse("expected an integer");
    return static_cast<std::int64_t>(*number);
}

std::int64_t JsonReader::integer(std::int64_t lowest, std::int64_t highest) const
{
    auto const value = integer();
    if (value < lowest || value > highest)
        refuse(fmt::format("is {}, expected {} to {}", value, lowest, highest));
    return value;
}

bool JsonReader::boolean() const
{
    auto const* flag = value_->as<bool>();
    if (!flag)
        refuse("expected true or false");
    return *flag;
}

void JsonReader::refuse(std::string_view what) const
{
    fail("{}: {}", path_, what);
}

} // namespace ardoise
