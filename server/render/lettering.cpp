// SPDX-License-Identifier: Apache-2.0
#include "server/render/lettering.hpp"

#include "pyramid/base/failure.hpp"
#include "server/render/font.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <ft2build.h>
#include FT_FREETYPE_H

namespace ardoise {

namespace {

constexpr char32_t unknown = 0xFFFD;

/// FreeType's library and font, which no two threads may use at a time.
class Font {
public:
    Font()
    {
        FT_Library library = nullptr;
        if (FT_Init_FreeType(&library) != 0)
            fail("the font library does not start");
        library_.reset(library);
        auto const file = font_file();
        FT_Face face = nullptr;
        if (FT_New_Memory_Face(library, reinterpret_cast<FT_Byte const*>(file.data()),
                               static_cast<FT_Long>(file.size()), 0, &face) != 0)
            fail("the font that this program was built with cannot be read");
        face_.reset(face);
    }

    /// The calling thread's own, at a size: `em` in pixels.
    static FT_Face at(double em)
    {
        thread_local Font const font;
        auto const size = static_cast<FT_F26Dot6>(std::lround(std::clamp(em, 1.0, 500.0) * 64));
        if (FT_Set_Char_Size(font.face_.get(), size, size, 72, 72) != 0)
            fail("the font has no letters of {} pixels", em);
        return font.face_.get();
    }

private:
    struct Free {
        void operator()(FT_Library library) const { FT_Done_FreeType(library); }
        void operator()(FT_Face face) const { FT_Done_Face(face); }
    };
    std::unique_ptr<FT_LibraryRec_, Free> library_;
    std::unique_ptr<FT_FaceRec_, Free> face_;
};

std::int32_t whole_pixels(FT_Pos length)
{
    return static_cast<std::int32_t>((length + 63) / 64);
}

/// How many bytes a character takes that begins like this; 0: none begins so.
std::size_t bytes_of_character(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

/// The first character, which `text` loses.
char32_t cut_character(std::string_view& text)
{
    auto const first = static_cast<unsigned char>(text.front());
    auto const count = bytes_of_character(first);
    if (count == 1 || count == 0 || count > text.size()) {
        text.remove_prefix(1);
        return count == 1 && first >= 0x20 && first != 0x7F ? first : unknown;
    }
    auto code = static_cast<char32_t>(first & (0xFF >> (count + 1)));
    for (std::size_t i = 1; i < count; ++i)
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(count);
    return code;
}

/// False where the font has not even a box for it.
bool load(FT_Face face, char32_t character, FT_Int32 how)
{
    return FT_Load_Char(face, character, how | FT_LOAD_TARGET_LIGHT) == 0;
}

FT_Pos advance(FT_Face face, char32_t character)
{
    return load(face, character, FT_LOAD_DEFAULT) ? face->glyph->advance.x : 0;
}

FT_Pos length_of(FT_Face face, std::string_view text)
{
    FT_Pos length = 0;
    while (!text.empty())
        length += advance(face, cut_character(text));
    return length;
}

/// Adds a letter's ink where its upper left corner is (x, y).
void add_ink(FT_Bitmap const& letter, std::int32_t x, std::int32_t y, Raster& cover)
{
    auto const& shape = cover.shape();
    auto const rows = static_cast<std::int32_t>(letter.rows),
               columns = static_cast<std::int32_t>(letter.width);
    for (std::int32_t row = std::max(0, -y); row < rows && y + row < shape.height; ++row) {
        auto const* from = letter.buffer + row * letter.pitch;
        auto* to = cover.row(y + row);
        for (std::int32_t column = std::max(0, -x); column < columns && x + column < shape.width; ++column)
            to[x + column] = std::max(to[x + column], from[column]);
    }
}

/// A word cut into pieces no longer than that, of one character at least.
std::vector<std::string_view> pieces_that_fit(FT_Face face, std::string_view word, FT_Pos widest)
{
    std::vector<std::string_view> pieces;
    FT_Pos length = 0;
    auto rest = word;
    while (!rest.empty()) {
        auto const begin = rest;
        auto const own = advance(face, cut_character(rest));
        auto const bytes = begin.size() - rest.size();
        if (pieces.empty() || length + own > widest) {
            pieces.push_back(begin.substr(0, bytes));
            length = own;
        } else {
            pieces.back() = {pieces.back().data(), pieces.back().size() + bytes};
            length += own;
        }
    }
    return pieces;
}

} // namespace

std::int32_t Lettering::line_height() const
{
    auto const& metrics = Font::at(em_)->size->metrics;
    return whole_pixels(metrics.ascender - metrics.descender);
}

std::int32_t Lettering::baseline() const
{
    return whole_pixels(Font::at(em_)->size->metrics.ascender);
}

std::int32_t Lettering::width(std::string_view text) const
{
    return whole_pixels(length_of(Font::at(em_), text));
}

std::vector<std::string> Lettering::lines(std::string_view text, std::int32_t widest) const
{
    auto* const face = Font::at(em_);
    auto const most = FT_Pos{widest} * 64, space = advance(face, U' ');
    std::vector<std::string> lines{{}};
    FT_Pos length = 0; // of the last line
    while (!text.empty()) {
        auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        auto const own = length_of(face, word);
        if (!lines.back().empty() && length + space + own <= most) {
            lines.back() += ' ';
            lines.back() += word;
            length += space + own;
            continue;
        }
        if (!lines.back().empty())
            lines.emplace_back();
        for (auto const& piece : pieces_that_fit(face, word, most)) {
            if (!lines.back().empty())
                lines.emplace_back();
            lines.back() = piece;
        }
        length = length_of(face, lines.back());
    }
    return lines;
}

void Lettering::write(std::string_view text, std::int32_t x, std::int32_t y, Raster& cover) const
{
    auto* const face = Font::at(em_);
    auto const baseline = y + whole_pixels(face->size->metrics.ascender);
    auto pen = FT_Pos{x} * 64;
    while (!text.empty()) {
        if (!load(face, cut_character(text), FT_LOAD_RENDER))
            continue;
        auto const& letter = *face->glyph;
        if (letter.bitmap.pixel_mode == FT_PIXEL_MODE_GRAY)
            add_ink(letter.bitmap, static_cast<std::int32_t>((pen + 32) >> 6) + letter.bitmap_left,
                    baseline - letter.bitmap_top, cover);
        pen += letter.advance.x;
    }
}

} // namespace ardoise
