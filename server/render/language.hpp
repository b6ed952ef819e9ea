// SPDX-License-Identifier: Apache-2.0
// The languages of what the server itself writes into legends: a few words, and numbers as people there write
// them. The locale of the process has no say.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace ardoise {

enum class Language { english, french };

/// By ISO 639 as clients write it: "fr", "fre" or "fra", "fr-FR", in any case. Nothing for others than these
/// two.
std::optional<Language> find_language(std::string_view code);

/// "en", "fr".
std::string_view code_of(Language language);

struct Words {
    std::string_view light, shade;           // the two ends of a hillshade
    std::string_view flat;                   // ground that faces nowhere
    std::string_view more;                   // behind the number of classes that are left out
    std::array<std::string_view, 8> compass; // from north clockwise
};

Words const& words_in(Language language);

/// With as many digits as it needs, or with `decimals`.
std::string number_text(double value, Language language);
std::string number_text(double value, int decimals, Language language);
/// The unit behind a number, apart from it as the language has it; nothing where that is empty.
std::string with_unit(std::string number, std::string_view unit, Language language);

} // namespace ardoise
