// SPDX-License-Identifier: Apache-2.0
// JSON (RFC 8259): a value to build and write, and a reader whose errors carry the path of the wrong field.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ardoise {

/// A JSON value. Objects keep the order in which their members were added, so that what we write is stable.
class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    Json() = default;
    Json(bool value) : value_{value} {}
    Json(std::int64_t value) : value_{value} {}
    Json(int value) : value_{std::int64_t{value}} {}
    Json(double value) : value_{value} {}
    Json(std::string value) : value_{std::move(value)} {}
    Json(std::string_view value) : value_{std::string{value}} {}
    Json(char const* value) : value_{std::string{value}} {}
    Json(Array value) : value_{std::move(value)} {}
    Json(Object value) : value_{std::move(value)} {}

    /// `Json::object({{"id", 3}, {"name", "x"}})`
    static Json object(std::initializer_list<Member> members = {}) { return Json{Object{members}}; }
    static Json array(std::initializer_list<Json> items = {}) { return Json{Array{items}}; }

    template <typename T>
    T const* as() const
    {
        return std::get_if<T>(&value_);
    }
    bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    /// The member called `name`, or null when this is not an object or has none.
    Json const* find(std::string_view name) const;
    /// Adds a member, or replaces the one of that name. This must be an object.
    void set(std::string_view name, Json value);
    /// Adds an item. This must be an array.
    void add(Json value);

    /// Without spaces, or over several lines with two spaces of indentation.
    std::string text() const;
    std::string pretty_text() const;

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// Throws Failure with the line where the text stops being JSON. Comments are accepted; nesting stops at 32.
Json parse_json(std::string_view text, std::string_view name_of_source);
Json read_json(std::filesystem::path const& file);

/// A place inside a JSON document. Every getter throws Failure when what stands there is not what is asked
/// for, naming source and path: `ORTHO.json: levels[3].tiles_per_width: expected a number`.
class JsonReader {
public:
    JsonReader(Json const& value, std::string source) : value_{&value}, path_{std::move(source)} {}

    JsonReader at(std::string_view member) const;
    std::optional<JsonReader> find(std::string_view member) const;
    std::vector<JsonReader> items() const;
    std::vector<std::pair<std::string, JsonReader>> members() const;

    std::string const& string() const;
    double number() const;
    std::int64_t integer() const;
    /// An integer within [lowest, highest].
    std::int64_t integer(std::int64_t lowest, std::int64_t highest) const;
    bool boolean() const;
    /// Throws Failure: this place, and `what` is wrong with it.
    [[noreturn]] void refuse(std::string_view what) const;

    Json const& json() const { return *value_; }

private:
    Json const* value_;
    std::string path_;
};

} // namespace ardoise
