// SPDX-License-Identifier: Apache-2.0
// What a geographer asks first of a layer, in words.

import {getPointResolution} from 'ol/proj.js';

import {make} from './elements.js';
import {projectionName, projectionOf} from './projections.js';
import {texts, writeBox, writeFormat, writeResolution, writeScale} from './texts.js';

const unitOf = crs => projectionOf(crs)?.getUnits() === 'degrees' ? 'degrees' : 'm';

/** A pixel's side on the ground: Web Mercator's metres are shorter away from the equator. */
export function resolutionOf(layer) {
  if (layer.crs !== 'EPSG:3857')
    return writeResolution(layer.cell_size, unitOf(layer.crs));
  const [left, bottom, right, top] = layer.extent;
  const middle = [(left + right) / 2, (bottom + top) / 2];
  return `≈ ${writeResolution(getPointResolution(projectionOf(layer.crs), layer.cell_size, middle, 'm'), 'm')}`;
}

function systemOf({crs}) {
  const name = projectionName(crs);
  return name === crs ? name : `${name} (${crs})`;
}

export function essentialFacts(layer) {
  return [
    [texts.identifier, layer.name],
    [texts.crs, systemOf(layer)],
    [texts.tileMatrixSet, layer.tile_matrix_set],
    [texts.resolution, resolutionOf(layer)],
    [texts.format, writeFormat(layer.format)],
  ];
}

/** A link where there is an address for it, else its text. */
export const linkTo = (url, textContent) => url ? make('a', {href: url, textContent, rel: 'noreferrer'}) : textContent;

const links = documents => documents.flatMap(({url, type, format}) => [linkTo(url, type || format), ' ']);

/** Between which the layer is meant to be seen, or else those that it has. */
function scalesOf({min_scale, max_scale, scales: [coarsest, finest]}) {
  return texts.between(writeScale(min_scale ?? finest), writeScale(max_scale ?? coarsest));
}

/** All of them but titles and abstracts; what nobody said is left out. */
export function allFacts(layer, service) {
  const said = text => text && text !== 'none' ? [text] : [];
  return [
    ...essentialFacts(layer),
    [texts.scales, scalesOf(layer)],
    [texts.extent, writeBox(layer.extent, unitOf(layer.crs))],
    [texts.geographicExtent, writeBox(layer.geographic_extent, 'degrees')],
    [texts.tileMatrixSets, layer.tile_matrix_sets.join(', ')],
    [texts.systems, Object.keys(layer.systems).join(', ')],
    [texts.keywords, ...said(layer.keywords.join(', '))],
    [texts.group, ...said(layer.group)],
    [texts.unit, ...said(layer.unit)],
    [texts.attribution, linkTo(layer.attribution.url, layer.attribution.title)],
    [texts.licence, ...said(service.accessConstraints)],
    [texts.fees, ...said(service.fees)],
    [texts.metadata, ...links(layer.metadata)],
    [texts.data, ...links(layer.data)],
  ].filter(([, ...told]) => told.length > 0);
}

/** Whom to ask, a line each. */
export function contactLines({person, organisation, position, address, post_code, city, country, phone, email}) {
  const joined = (...words) => words.filter(Boolean).join(' ');
  return [joined(person, position && `(${position})`), organisation, address, joined(post_code, city), country, phone,
    email && make('a', {href: `mailto:${encodeURIComponent(email).replace('%40', '@')}`, textContent: email}),
  ].filter(Boolean).map(line => make('p', {}, line));
}
