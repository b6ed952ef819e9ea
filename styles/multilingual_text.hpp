// SPDX-License-Identifier: Apache-2.0
// What people read of a style, in the languages that its file has it in.
#pragma once

#include "pyramid/base/json.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace ardoise {

/// Whether it has the form of a language tag: a code of ISO 639 of two or three letters, then perhaps more
/// (RFC 5646): "fr", "fre", "pt-BR".
bool is_language_tag(std::string_view text);

struct MultilingualText {
    /// By language tag (BCP 47) in lower case: "en", "fr". A text that is in no language that was said is
    /// that of "".
    std::map<std::string, std::string, std::less<>> by_language;

    MultilingualText() = default;
    explicit MultilingualText(std::map<std::string, std::string, std::less<>> texts);
    /// In a language that is not said.
    explicit MultilingualText(std::string text);

    bool empty() const { return by_language.empty(); }
    /// In that language, or one that it is a kind of ("fr" for "fr-CA": RFC 4647, 3.4), or else in English,
    /// or else the first there is. Empty where there is none.
    std::string_view in(std::string_view language) const;
};

/// A string, or one for each language: {"en": "Slope", "fr": "Pente"}. Throws Failure naming the place.
MultilingualText read_multilingual_text(JsonReader const& json);

} // namespace ardoise
