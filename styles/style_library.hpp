// SPDX-License-Identifier: Apache-2.0
// The styles that layers may have: those that the program carries with it, and those of STORE/styles.
#pragma once

#include "styles/style.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ardoise {

/// What came of reading one file.
struct StyleMistake {
    std::filesystem::path file; // of a style, or of the level of today that one shows
    std::string reason;
    bool leaves_style_out = true;
};

/// By the names of their files, as ROK4's layer descriptors have them: NAME.json is NAME. A file takes the
/// place of a shipped style of that name. One of water reads the level of today from a file beside its own.
/// Immutable: safe to share.
class StyleLibrary {
public:
    /// Files that cannot be read are mistakes(), and never stop the others. `before`: the library until now,
    /// or null; where the level of today cannot be read, the one that the same style had there stays.
    explicit StyleLibrary(std::vector<std::filesystem::path> const& files,
                          StyleLibrary const* before = nullptr);

    /// Null when there is none.
    Style const* find(std::string_view name) const;
    /// Whether there is a file of that name, and it is not used.
    bool refuses(std::string_view name) const;
    /// All of them: "elevation, normal".
    std::string names() const;
    std::vector<StyleMistake> const& mistakes() const { return mistakes_; }

private:
    void add(std::filesystem::path const& file, StyleLibrary const* before);
    void read_current(std::filesystem::path const& file, Style const* before, Style& style);

    std::map<std::string, Style, std::less<>> styles_;
    std::vector<StyleMistake> mistakes_;
};

} // namespace ardoise
