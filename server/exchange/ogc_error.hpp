// SPDX-License-Identifier: Apache-2.0
// A client's mistake, in the words of the OGC's exception codes.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace ardoise {

/// Codes are those of OGC 06-042 table E.1, OGC 06-121r3 table 27 and OGC 07-057r7: "LayerNotDefined",
/// "TileOutOfRange"... The text is for people: it may repeat what the client sent (it is escaped where it is
/// written), never a path.
struct OgcError {
    std::string code;
    std::string locator; // the parameter at fault; may be empty
    std::string text;
};

/// A value, or the client's mistake.
template <typename T>
using Result = boost::system::result<T, OgcError>;

/// Asking a Result for a value that it does not hold is our mistake, not the client's.
[[noreturn]] inline void throw_exception_from_error(OgcError const& error, boost::source_location const&)
{
    throw std::logic_error{error.text};
}

} // namespace ardoise
