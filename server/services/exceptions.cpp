// SPDX-License-Identifier: Apache-2.0
#include "server/services/exceptions.hpp"

#include "pyramid/base/json.hpp"
#include "server/services/xml_writer.hpp"

namespace ardoise {

namespace {

int status_of(OgcError const& error)
{
    return error.code == "OperationNotSupported" ? 501 : 400;
}

Response not_cached(int status, std::string_view media_type, std::string text)
{
    auto response = text_response(status, media_type, std::move(text));
    response.cache_control = "no-store";
    return response;
}

} // namespace

Response ows_exception(OgcError const& error, int status)
{
    XmlWriter xml;
    xml.open("ows:ExceptionReport",
             {{"xmlns:ows", "http://www.opengis.net/ows/1.1"},
              {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
              {"xsi:schemaLocation",
               "http://www.opengis.net/ows/1.1 http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"},
              {"version", "1.1.0"},
              {"xml:lang", "en"}});
    if (error.locator.empty())
        xml.open("ows:Exception", {{"exceptionCode", error.code}});
    else
        xml.open("ows:Exception", {{"exceptionCode", error.code}, {"locator", error.locator}});
    xml.element("ows:ExceptionText", error.text);
    return not_cached(status != 0 ? status : status_of(error), "application/xml", xml.finish());
}

Response wms_130_exception(OgcError const& error)
{
    XmlWriter xml;
    xml.open("ServiceExceptionReport",
             {{"version", "1.3.0"},
              {"xmlns", "http://www.opengis.net/ogc"},
              {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
              {"xsi:schemaLocation",
               "http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd"}});
    xml.element("ServiceException", error.text, {{"code", error.code}});
    return not_cached(status_of(error), "text/xml", xml.finish());
}

Response wms_111_exception(OgcError const& error)
{
    XmlWriter xml;
    xml.raw("<!DOCTYPE ServiceExceptionReport SYSTEM "
            "\"http://schemas.opengis.net/wms/1.1.1/WMS_exception_1_1_1.dtd\">\n");
    xml.open("ServiceExceptionReport", {{"version", "1.1.1"}});
    xml.element("ServiceException", error.text, {{"code", error.code}});
    return not_cached(status_of(error), "application/vnd.ogc.se_xml", xml.finish());
}

Response tms_exception(OgcError const& error)
{
    XmlWriter xml;
    xml.open("TileMapServerError");
    xml.element("Message", error.text);
    return not_cached(error.code == "InvalidParameterValue" ? 400 : 404, "text/xml", xml.finish());
}

Response problem(int status, std::string_view title, std::string_view detail)
{
    auto const json =
        Json::object({{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}});
    return not_cached(status, "application/problem+json", json.text());
}

} // namespace ardoise
