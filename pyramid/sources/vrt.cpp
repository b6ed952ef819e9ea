// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/vrt.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/sources/dataset.hpp"

#include <cpl_minixml.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

struct XmlDestroyer {
    void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};
using Xml = std::unique_ptr<CPLXMLNode, XmlDestroyer>;

Xml read_xml(fs::path const& vrt)
{
    GdalMessages const messages;
    Xml document{CPLParseXMLFile(vrt.c_str())};
    if (!document)
        fail("{}: is no VRT: {}", vrt.string(), messages.text());
    return document;
}

/// Elements of a plain mosaic in which only elements of this list may stand.
bool is_plain_element(std::string_view name)
{
    static constexpr std::string_view names[] = {"VRTDataset",     "VRTRasterBand", "MaskBand",
                                                 "Overview",       "SimpleSource",  "ComplexSource",
                                                 "AveragedSource", "SourceFilename"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Elements that only describe: whatever stands in them names no file that pixels are read from.
bool is_description(std::string_view name)
{
    static constexpr std::string_view names[] = {"SRS",
                                                 "GeoTransform",
                                                 "GCPList",
                                                 "Metadata",
                                                 "OverviewList",
                                                 "BlockXSize",
                                                 "BlockYSize",
                                                 "Description",
                                                 "UnitType",
                                                 "Offset",
                                                 "Scale",
                                                 "ColorInterp",
                                                 "ColorTable",
                                                 "CategoryNames",
                                                 "NoDataValue",
                                                 "HideNoDataValue",
                                                 "NODATA",
                                                 "Histograms",
                                                 "GDALRasterAttributeTable",
                                                 "SourceBand",
                                                 "SourceProperties",
                                                 "SrcRect",
                                                 "DstRect",
                                                 "UseMaskBand",
                                                 "ScaleOffset",
                                                 "ScaleRatio",
                                                 "ColorTableComponent",
                                                 "LUT",
                                                 "Exponent",
                                                 "SrcMin",
                                                 "SrcMax",
                                                 "DstMin",
                                                 "DstMax"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// What stands in a SourceFilename, and the path that GDAL makes of it.
struct Reference {
    std::string text;
    fs::path path;
    bool relative_to_vrt = false;
};

Reference reference_of(CPLXMLNode const* source_filename, fs::path const& vrt)
{
    Reference reference{.text = CPLGetXMLValue(source_filename, nullptr, ""), .path = {}};
    reference.relative_to_vrt =
        std::strtol(CPLGetXMLValue(source_filename, "relativeToVRT", "0"), nullptr, 10) != 0;
    reference.path =
        reference.relative_to_vrt ? vrt.parent_path() / reference.text : fs::path{reference.text};
    return reference;
}

bool lies_below(fs::path const& file, fs::path const& folder)
{
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

void check_vrt(fs::path const& vrt, int nesting);

void check_reference(Reference const& reference, fs::path const& vrt, int nesting)
{
    // A colon may be a drive, an address or a driver's prefix (NETCDF:...), which GDAL looks at first.
    std::error_code trouble;
    bool const plain = reference.text.find(':') == std::string::npos &&
                       (reference.relative_to_vrt || reference.path.is_absolute()) &&
                       fs::is_regular_file(reference.path, trouble);
    auto const folder = fs::canonical(vrt.parent_path().empty() ? fs::path{"."} : vrt.parent_path());
    if (!plain || !lies_below(fs::canonical(reference.path), folder))
        fail("{}: names {}, which is no plain file in the folder of the VRT; put it there, or say "
             "--allow-vrt if you trust this VRT",
             vrt.string(), reference.text);
    if (is_vrt(reference.path))
        check_vrt(reference.path, nesting + 1);
    else if (points_elsewhere(reference.path))
        fail("{}: names {}, which points elsewhere itself; say --allow-vrt if you trust both", vrt.string(),
             reference.path.string());
}

void check_elements(CPLXMLNode const* node, fs::path const& vrt, int nesting)
{
    for (; node; node = node->psNext) {
        if (node->eType == CXT_Attribute && EQUAL(node->pszValue, "subClass") && // to GDAL, case is nothing
            std::string_view{CPLGetXMLValue(node, nullptr, "")} != "VRTSourcedRasterBand")
            fail("{}: is a {}, no plain mosaic; say --allow-vrt if you trust it", vrt.string(),
                 CPLGetXMLValue(node, nullptr, ""));
        if (node->eType != CXT_Element || node->pszValue[0] == '?' || is_description(node->pszValue))
            continue;
        if (!is_plain_element(node->pszValue))
            fail("{}: has a {}, which no plain mosaic has; say --allow-vrt if you trust it", vrt.string(),
                 node->pszValue);
        if (std::string_view{node->pszValue} == "SourceFilename")
            check_reference(reference_of(node, vrt), vrt, nesting);
        else
            check_elements(node->psChild, vrt, nesting);
    }
}

void check_vrt(fs::path const& vrt, int nesting)
{
    if (nesting > 8)
        fail("{}: VRTs within VRTs go too deep; make one of the images themselves", vrt.string());
    auto const document = read_xml(vrt);
    check_elements(document.get(), vrt, nesting);
}

void collect_files(CPLXMLNode const* node, fs::path const& vrt, std::vector<fs::path>& files)
{
    for (; node; node = node->psNext) {
        if (node->eType != CXT_Element)
            continue;
        std::string_view const name{node->pszValue};
        if (name == "SourceFilename" || name == "SourceDataset")
            files.push_back(reference_of(node, vrt).path);
        else
            collect_files(node->psChild, vrt, files);
    }
}

} // namespace

void check_vrt(fs::path const& vrt)
{
    check_vrt(vrt, 0);
}

std::vector<fs::path> files_of_vrt(fs::path const& vrt)
{
    auto const document = read_xml(vrt);
    std::vector<fs::path> files;
    collect_files(document.get(), vrt, files);
    return files;
}

} // namespace ardoise
