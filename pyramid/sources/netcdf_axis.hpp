// SPDX-License-Identifier: Apache-2.0
// The dimension along which the bands of a netCDF variable follow one another.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ardoise {

struct NetcdfAxis {
    std::vector<double> values;  // one a band
    std::string units, calendar; // of the values, as the file says it (CF conventions); may be empty
    std::string title, unit;     // of the variable: "air_temperature", "K"; may be empty
};

/// Reads what a file says of `dimension`. `variable`: empty where the file has one. Throws Failure naming the
/// file: it is no netCDF, has several variables or none of that name, the variable lies along other
/// dimensions, or its values are packed.
NetcdfAxis read_netcdf_axis(std::filesystem::path const& file, std::string const& variable,
                            std::string const& dimension);

} // namespace ardoise
