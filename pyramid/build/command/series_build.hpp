// SPDX-License-Identifier: Apache-2.0
// `build --along time`: a pyramid for each step of a netCDF variable, and the series that they are.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

/// One pyramid of a series, of one band.
struct SeriesStep {
    Product product;
    std::string time; // as it is published: "2005-01-16", or with the clock where some step has one
};

struct SeriesPlan {
    std::string name, title;
    std::vector<SeriesStep> steps;
    std::vector<std::string> remarks; // what its owner should know: dates of another calendar
};

/// The steps of the one file and product that `options` name. Throws Failure when there are more, the file is
/// no such thing (read_netcdf_axis), its times cannot be read (CfTime), two are the same, or the store has a
/// layer of that name.
SeriesPlan plan_series(BuildOptions const& options);

/// Writes what a server publishes the series by, STORE/layers/NAME.json; it comes last.
void publish_series(SeriesPlan const& series, std::filesystem::path const& store);

} // namespace ardoise
