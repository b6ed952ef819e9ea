// SPDX-License-Identifier: Apache-2.0
// JSON that people write: what they mistype is told, with the line, instead of being passed over.
#pragma once

#include "pyramid/base/json.hpp"

#include <set>
#include <string>
#include <vector>

namespace ardoise {

/// A file whose readers know every name that may stand in it. Comments are accepted.
class HandwrittenJson {
public:
    /// Throws Failure when it cannot be read, or is no JSON.
    explicit HandwrittenJson(std::filesystem::path const& file);
    HandwrittenJson(std::string text, std::string source);
    HandwrittenJson(HandwrittenJson const&) = delete; // readers point into the document
    HandwrittenJson& operator=(HandwrittenJson const&) = delete;

    JsonReader root() const { return {document_, source_}; }
    /// Throws Failure when `object`, a place in here, is none or has a member of a name that is not `known`:
    /// with its line, and the known name that is nearest.
    void check_names(JsonReader const& object, std::initializer_list<std::string_view> known) const;

private:
    std::string text_, source_;
    Json document_;
};

// What stands at a place, or Failure with what is expected there.

/// A string that holds something.
std::string read_words(JsonReader const& json);
std::vector<std::string> read_list_of_words(JsonReader const& json);
/// A list whose items differ, each as `read` has it.
template <typename Read>
auto read_each_once(JsonReader const& json, Read const& read) -> std::vector<decltype(read(json))>
{
    std::vector<decltype(read(json))> list;
    std::set<std::string> texts;
    for (auto const& item : json.items()) {
        list.push_back(read(item));
        if (!texts.insert(item.json().text()).second)
            item.refuse("stands there twice");
    }
    return list;
}
/// An address of http or https, without spaces: whoever clicks on it runs no script.
std::string read_web_address(JsonReader const& json);

/// Whether `address` is one.
bool is_web_address(std::string_view address);

} // namespace ardoise
