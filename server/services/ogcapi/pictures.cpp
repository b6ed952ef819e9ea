// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/pictures.hpp"

#include "server/exchange/accept.hpp"

namespace ardoise::ogcapi {

namespace {

/// The best that the client takes: the layer's own first, so that nobody picks a heavier one by chance.
Result<std::string_view> welcome_format(Request const& request, Layer const& layer)
{
    std::string_view const own[] = {published_format(layer)};
    if (most_welcome(request.accept, own))
        return own[0];
    std::string_view const others[] = {media_type(PictureFormat::jpeg), media_type(PictureFormat::png),
                                       media_type(PictureFormat::webp)};
    if (auto const best = most_welcome(request.accept, others))
        return others[*best];
    return OgcError{"NotAcceptable", "Accept",
                    "Maps are JPEG, PNG or WebP; your Accept header takes none of them."};
}

OgcError not_offered(std::string_view name)
{
    return invalid(parameter::picture_format,
                   fmt::format("names \"{}\", which maps are not offered in", name));
}

} // namespace

Result<PictureFormat> wanted_map_format(Request const& request, std::vector<StyledLayer> const& layers)
{
    auto const f = find(request.query, parameter::picture_format);
    auto const name = f ? Result<std::string_view>{*f} : welcome_format(request, *layers.front().layer);
    if (!name)
        return name.error();
    auto const format = parse_picture_format(*name);
    if (!format || (f && encodes_values(layers) && !can_be_exact(*format)))
        return not_offered(*name);
    return encodes_values(layers) && !can_be_exact(*format) ? PictureFormat::png : *format;
}

Result<TilePicture> wanted_tile_picture(Request const& request, Layer const& layer, Style const& style)
{
    auto const f = find(request.query, parameter::picture_format);
    if (layer.is_vector()) {
        if (!f || *f == "mvt" || *f == vector_tile_type)
            return TilePicture{std::nullopt, vector_tile_type};
        return invalid(parameter::vector_format, fmt::format("must be mvt, not \"{}\"", *f));
    }
    auto const name = f ? Result<std::string_view>{*f} : welcome_format(request, layer);
    if (!name)
        return name.error();
    auto const picture = find_picture(layer, style, *name);
    if (!picture)
        return not_offered(*name);
    return *picture;
}

} // namespace ardoise::ogcapi
