// SPDX-License-Identifier: Apache-2.0
#include "server/render/font.hpp"

// The assembler takes the file in as it is: an array of its bytes would keep the compiler busy for a minute.
asm(".pushsection .rodata\n"
    ".balign 16\n"
    "ardoise_font_begin:\n"
    ".incbin \"" ARDOISE_FONT "\"\n"
    "ardoise_font_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern std::byte const ardoise_font_begin[];
extern std::byte const ardoise_font_end[];
}

namespace ardoise {

ByteView font_file()
{
    return {ardoise_font_begin, ardoise_font_end};
}

} // namespace ardoise
