// SPDX-License-Identifier: Apache-2.0
// A C library that writes a comma before decimals and a space between thousands.
#pragma once

#include <catch2/catch.hpp>

#include <clocale>
#include <string>

namespace ardoise::test {

/// The whole program is in France as long as this lives. The fixture "french locale" of ctest makes what it
/// needs.
class FrenchLocale {
public:
    FrenchLocale()
    {
        INFO("fr_FR.UTF-8 is not there: run the test by ctest, or set LOCPATH to build/.../tests/locales");
        REQUIRE(std::setlocale(LC_ALL, "fr_FR.UTF-8") != nullptr);
        REQUIRE(std::string{std::localeconv()->decimal_point} == ",");
    }
    ~FrenchLocale() { std::setlocale(LC_ALL, before_.c_str()); }
    FrenchLocale(FrenchLocale const&) = delete;
    FrenchLocale& operator=(FrenchLocale const&) = delete;

private:
    std::string before_ = std::setlocale(LC_ALL, nullptr);
};

} // namespace ardoise::test
