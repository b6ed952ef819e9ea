// SPDX-License-Identifier: Apache-2.0
// Coordinate reference systems and the way from one to another: the only room that knows PROJ.
#pragma once

#include "pyramid/grid/bounding_box.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

class Transform;

/// A place on Earth, in degrees.
struct Place {
    double longitude = 0, latitude = 0;
    friend auto operator<=>(Place const&, Place const&) = default;
};

/// What is done to coordinates of one system to have them in another (ISO 19111, coordinate operation).
struct Operation {
    std::string name;               // each step of it, as the EPSG calls them
    std::optional<double> accuracy; // metres; the authority may not say
    /// Two datums were taken for one, as nothing is known between them: it may be off by hundreds of metres.
    bool is_ballpark = false;
};

/// A coordinate reference system, described once and then only copied: a value, safe to share.
class Crs {
public:
    /// From a code ("EPSG:2154", "IGNF:LAMB93", "CRS:84", "urn:ogc:def:crs:EPSG::2154", an OGC URI), WKT or a
    /// PROJ string that comes from a trusted file. Never from a client: see find_published(). Throws Failure
    /// when PROJ does not know it.
    static Crs from_definition(std::string const& definition);

    /// The code by which it is published: "EPSG:2154"; empty for a definition without one.
    std::string const& code() const { return description_->code; }
    std::string const& name() const { return description_->name; }
    /// "urn:ogc:def:crs:EPSG::2154", "urn:ogc:def:crs:OGC:1.3:CRS84".
    std::string urn() const;
    /// The EPSG number, or 0.
    int epsg() const { return description_->epsg; }
    bool geographic() const { return description_->geographic; }
    /// Whether the authority puts northing (latitude) first: so WMS 1.3.0 BBOX (OGC 06-042 6.7.4) and WMTS
    /// corners (OGC 07-057r7 table 11) read y,x. Boxes inside the program are always x,y.
    bool northing_first() const { return description_->northing_first; }
    /// Metres in one unit (111319.49... for a degree: 2 pi a / 360 on WGS 84, as OGC 07-057r7 6.1 has it).
    double metres_per_unit() const { return description_->metres_per_unit; }
    /// Where it is meant to be used, in degrees (longitude, latitude).
    BoundingBox const& area_of_use() const { return description_->area_of_use; }
    /// What PROJ is given.
    std::string const& definition() const { return description_->definition; }

    /// The same system, other names apart (EPSG:4326 and CRS:84 differ in axis order only, and are the same
    /// here).
    friend bool same_place(Crs const& a, Crs const& b);
    friend bool operator==(Crs const& a, Crs const& b) { return a.code() == b.code() && same_place(a, b); }

private:
    struct Description {
        std::string code, name, definition;
        std::size_t place = 0; // the same number for all names of one system
        int epsg = 0;
        bool geographic = false, northing_first = false;
        double metres_per_unit = 1;
        BoundingBox area_of_use;
    };
    explicit Crs(std::shared_ptr<Description const> description) : description_{std::move(description)} {}
    static std::shared_ptr<Description> describe(std::string const& definition);
    friend class TransformsOfThread;

    std::shared_ptr<Description const> description_;
};

/// The way from one CRS to another, x,y (east, north or longitude, latitude in degrees) on both sides. One
/// thread at a time: use transform_between() to get the calling thread's own.
class Transform {
public:
    Transform(Crs const& from, Crs const& to);
    ~Transform();
    Transform(Transform&&) noexcept;
    Transform& operator=(Transform&&) noexcept;

    /// In place; a point that has no counterpart becomes NaN, NaN.
    void apply(std::span<double> x, std::span<double> y) const;
    /// The box around the image of `box`: its edges are followed by points, so a bulge is not lost. Empty
    /// when nothing of it has a counterpart.
    BoundingBox apply(BoundingBox const& box) const;
    /// None where both systems are the same place, or where each point has the operation that suits it.
    std::optional<Operation> operation() const;

private:
    struct Impl;
    friend class TransformsOfThread;
    explicit Transform(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// The calling thread's transform between two systems, made at the first call and kept. Where PROJ knows
/// several operations, each for an area of its own, each point is turned by the one for where it lies.
Transform const& transform_between(Crs const& from, Crs const& to);
/// Likewise, but all points are turned by the operation that PROJ takes at `place`: a picture has no seam
/// where one area ends, beyond which there may be a ballpark operation alone.
Transform const& transform_between(Crs const& from, Crs const& to, Place place);

/// Files that PROJ wants for a better operation at `place` than transform_between() takes, and that are not
/// installed. Takes tens of milliseconds.
std::vector<std::string> missing_grids(Crs const& from, Crs const& to, Place place);

} // namespace ardoise
