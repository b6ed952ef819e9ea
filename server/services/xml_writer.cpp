// SPDX-License-Identifier: Apache-2.0
#include "server/services/xml_writer.hpp"

namespace ardoise {

std::string xml_escape(std::string_view text)
{
    constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD
    std::string escaped;
    escaped.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        auto const code = static_cast<unsigned char>(c);
        auto const three = text.substr(i, 3);
        if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") { // U+FFFE, U+FFFF
            escaped += replacement;
            i += 2;
            continue;
        }
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            if (code < 0x20 && c != '\t' && c != '\n' && c != '\r')
                escaped += replacement;
            else
                escaped += c;
        }
    }
    return escaped;
}

XmlWriter::XmlWriter() : text_{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"} {}

XmlWriter XmlWriter::without_declaration()
{
    XmlWriter xml;
    xml.text_.clear();
    return xml;
}

void XmlWriter::raw(std::string_view text)
{
    text_ += text;
}

void XmlWriter::start_tag(std::string_view name, XmlAttributes attributes, std::string_view end)
{
    text_.append(2 * open_.size(), ' ').append("<").append(name);
    for (auto const& [key, value] : attributes)
        text_.append(" ").append(key).append("=\"").append(xml_escape(value)).append("\"");
    text_ += end;
}

void XmlWriter::open(std::string_view name, XmlAttributes attributes)
{
    start_tag(name, attributes, ">\n");
    open_.emplace_back(name);
}

void XmlWriter::close()
{
    auto const name = std::move(open_.back());
    open_.pop_back();
    text_.append(2 * open_.size(), ' ').append("</").append(name).append(">\n");
}

void XmlWriter::element(std::string_view name, std::string_view text, XmlAttributes attributes)
{
    start_tag(name, attributes, ">");
    text_.append(xml_escape(text)).append("</").append(name).append(">\n");
}

void XmlWriter::empty(std::string_view name, XmlAttributes attributes)
{
    start_tag(name, attributes, "/>\n");
}

std::string XmlWriter::finish()
{
    while (!open_.empty())
        close();
    return std::move(text_);
}

} // namespace ardoise
