// SPDX-License-Identifier: Apache-2.0
// XML documents, element by element. What is written is escaped here, and only here.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ardoise {

using XmlAttributes = std::initializer_list<std::pair<std::string_view, std::string>>;

/// Writes well-formed XML 1.0 in UTF-8: characters that XML cannot hold become U+FFFD, numbers have a dot
/// under any locale and as many digits as they need.
class XmlWriter {
public:
    XmlWriter();
    /// For readers that know a document by its first letters, which are those of its root then.
    static XmlWriter without_declaration();

    /// Inserts verbatim: a DOCTYPE.
    void raw(std::string_view text);
    void open(std::string_view name, XmlAttributes attributes = {});
    void close();
    void element(std::string_view name, std::string_view text, XmlAttributes attributes = {});
    void empty(std::string_view name, XmlAttributes attributes = {});
    void number(std::string_view name, double value) { element(name, fmt::format("{}", value)); }
    void number(std::string_view name, std::int64_t value) { element(name, fmt::format("{}", value)); }

    /// Closes what is open and hands out the document.
    std::string finish();

private:
    void start_tag(std::string_view name, XmlAttributes attributes, std::string_view end);

    std::string text_;
    std::vector<std::string> open_;
};

std::string xml_escape(std::string_view text);

} // namespace ardoise
