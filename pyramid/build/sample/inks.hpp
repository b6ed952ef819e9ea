// SPDX-License-Identifier: Apache-2.0
// The colours of the town: red, green, blue, near infrared.
#pragma once

#include "pyramid/build/sample/scene.hpp"

namespace ardoise::sample::inks {

// base, alternate, patches, mottle, relief, grain
inline constexpr Ink asphalt{{116, 116, 117, 92}, {140, 138, 134, 108}, 46, 6, 5, 12};
inline constexpr Ink old_asphalt{{138, 135, 130, 106}, {116, 115, 113, 94}, 40, 10, 6, 12};
inline constexpr Ink pavement{{168, 162, 153, 128}, {186, 178, 167, 140}, 40, 6, 4, 9};
inline constexpr Ink kerb{{196, 191, 182, 150}, {182, 178, 170, 140}, 30, 10, 4, 8};
inline constexpr Ink paving{{188, 178, 160, 140}, {170, 160, 144, 128}, 30, 12, 5, 8};
inline constexpr Ink cobbles{{142, 136, 128, 110}, {160, 152, 142, 120}, 40, 20, 10, 16};
inline constexpr Ink gravel{{186, 172, 144, 138}, {168, 156, 134, 128}, 40, 24, 6, 14};
inline constexpr Ink concrete{{176, 173, 166, 138}, {156, 154, 149, 124}, 40, 14, 4, 7};
inline constexpr Ink white_paint{{226, 226, 221, 178}, {190, 189, 184, 150}, 10, 34, 6, 8};
inline constexpr Ink yellow_paint{{206, 176, 88, 168}, {180, 156, 92, 150}, 10, 34, 6, 8};

inline constexpr Ink lawn{{98, 114, 70, 182}, {138, 138, 92, 164}, 44, 22, 12, 14};
inline constexpr Ink lush_lawn{{84, 108, 60, 194}, {106, 122, 72, 186}, 40, 24, 12, 12};
inline constexpr Ink dry_lawn{{146, 144, 92, 156}, {112, 124, 68, 172}, 44, 26, 12, 14};
inline constexpr Ink meadow{{104, 118, 72, 178}, {134, 136, 90, 162}, 56, 30, 18, 14};
inline constexpr Ink verge{{112, 122, 74, 168}, {148, 142, 98, 148}, 44, 30, 16, 14};
inline constexpr Ink soil{{138, 114, 88, 110}, {114, 94, 74, 98}, 34, 34, 14, 14};
inline constexpr Ink wheat{{200, 180, 130, 150}, {182, 164, 114, 140}, 44, 16, 8, 12};
inline constexpr Ink stubble{{190, 172, 124, 136}, {172, 152, 110, 126}, 44, 20, 8, 12};
inline constexpr Ink maize{{82, 106, 58, 196}, {100, 118, 66, 186}, 34, 30, 16, 14};
inline constexpr Ink ploughed{{146, 120, 94, 104}, {124, 102, 82, 94}, 44, 20, 12, 12};
inline constexpr Ink vegetables{{88, 110, 58, 180}, {132, 110, 82, 120}, 10, 50, 20, 14};

inline constexpr Ink water{{62, 74, 62, 16}, {74, 82, 67, 20}, 26, 8, 7, 6};
inline constexpr Ink pond{{64, 82, 66, 22}, {76, 90, 66, 40}, 40, 20, 5, 5};
inline constexpr Ink pool{{88, 180, 198, 34}, {116, 200, 212, 40}, 10, 40, 8, 5};
inline constexpr Ink cover{{60, 110, 168, 80}, {70, 120, 176, 84}, 20, 10, 6, 5};

inline constexpr Ink slate{{84, 90, 101, 76}, {98, 102, 108, 84}, 30, 18, 6, 10};
inline constexpr Ink pale_slate{{108, 113, 121, 92}, {94, 98, 104, 84}, 34, 22, 6, 10};
inline constexpr Ink zinc{{160, 165, 170, 122}, {142, 146, 150, 110}, 30, 14, 5, 6};
inline constexpr Ink orange_tile{{166, 114, 90, 140}, {146, 100, 82, 128}, 30, 26, 6, 10};
inline constexpr Ink brown_tile{{142, 92, 72, 122}, {122, 84, 70, 110}, 30, 28, 6, 10};
inline constexpr Ink old_tile{{156, 120, 100, 134}, {124, 106, 82, 128}, 34, 40, 8, 10};
inline constexpr Ink new_tile{{180, 122, 92, 148}, {170, 114, 86, 142}, 12, 20, 5, 8};
inline constexpr Ink bitumen{{104, 102, 100, 84}, {126, 123, 118, 98}, 44, 20, 5, 8};
inline constexpr Ink gravel_roof{{164, 158, 146, 128}, {142, 138, 130, 114}, 44, 26, 6, 14};
inline constexpr Ink membrane{{206, 206, 203, 172}, {188, 187, 182, 156}, 40, 14, 3, 5};
inline constexpr Ink sheet_metal{{182, 187, 192, 146}, {164, 168, 172, 132}, 40, 10, 3, 5};
inline constexpr Ink blue_metal{{108, 128, 152, 110}, {96, 114, 136, 100}, 30, 10, 3, 5};
inline constexpr Ink planted_roof{{126, 130, 82, 150}, {150, 132, 92, 136}, 44, 34, 8, 12};
inline constexpr Ink solar{{40, 48, 74, 44}, {48, 56, 84, 50}, 10, 6, 3, 3};
inline constexpr Ink glass{{66, 78, 92, 60}, {104, 118, 130, 86}, 10, 30, 4, 4};
inline constexpr Ink brick{{150, 98, 78, 122}, {132, 92, 78, 112}, 10, 40, 10, 12};
inline constexpr Ink stone{{206, 196, 174, 152}, {184, 174, 154, 138}, 20, 30, 6, 8};
inline constexpr Ink dark{{58, 56, 54, 50}, {70, 67, 64, 58}, 10, 20, 5, 8};

inline constexpr Ink hedge{{62, 86, 44, 150}, {84, 106, 54, 162}, 30, 40, 34, 18};
inline constexpr Ink broadleaf{{70, 94, 48, 153}, {98, 118, 62, 172}, 0, 44, 40, 18};
inline constexpr Ink plane_tree{{86, 106, 60, 158}, {112, 126, 78, 174}, 0, 44, 40, 18};
inline constexpr Ink lime_tree{{88, 114, 50, 165}, {112, 132, 62, 177}, 0, 44, 40, 18};
inline constexpr Ink oak{{58, 80, 42, 143}, {82, 100, 50, 160}, 0, 48, 44, 18};
inline constexpr Ink copper_beech{{88, 62, 58, 130}, {108, 76, 66, 143}, 0, 44, 38, 18};
inline constexpr Ink conifer{{48, 68, 46, 118}, {66, 84, 54, 132}, 0, 44, 44, 18};
inline constexpr Ink blossom{{176, 146, 152, 153}, {96, 116, 66, 162}, 0, 56, 30, 18};

} // namespace ardoise::sample::inks
