// SPDX-License-Identifier: Apache-2.0
// How a layer is had in other programs: addresses, and text to paste that works as it stands. Strings of a layer are
// written as each language wants them, and never become markup or commands.

import {definitionOf} from './projections.js';

const packages = 'https://cdn.jsdelivr.net/npm';
const wholeWindow = 'html, body, #map { height: 100%; margin: 0 }';

const entities = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;'};

/** Text in HTML, in attributes too. */
export const inHtml = text => String(text).replace(/[&<>"']/g, letter => entities[letter]);

/** A value in JavaScript that stands in a page: no `</script>` ends it early. */
export const inScript = value => JSON.stringify(value).replace(/[<\u2028\u2029]/g, letter =>
  `\\u${letter.codePointAt(0).toString(16).padStart(4, '0')}`);

/** A word for a POSIX shell. */
export const inShell = text => `'${String(text).replaceAll('\'', '\'\\\'\'')}'`;

const rounded = (numbers, digits) => numbers.map(value => Number(value.toFixed(digits)));
const middleOf = ([west, south, east, north]) => [(west + east) / 2, (south + north) / 2];
/** Of an extent: centimetres, or as much in degrees. */
const digitsOf = layer => definitionOf(layer.crs) || layer.crs === 'EPSG:3857' ? 2 : 8;

function page(layer, stylesheets, scripts, script) {
  return [
    '<!doctype html>',
    '<meta charset="utf-8">',
    `<title>${inHtml(layer.title)}</title>`,
    ...stylesheets.map(path => `<link rel="stylesheet" href="${packages}/${path}">`),
    ...scripts.map(path => `<script src="${packages}/${path}"></script>`),
    `<style>${wholeWindow}</style>`,
    '<div id="map"></div>',
    '<script>',
    ...script,
    '</script>',
    '',
  ].join('\n');
}

/** In the layer's own system, where proj4 can be told of it, or else in Web Mercator. */
function openLayers({layer, tileJson, values}) {
  const definition = definitionOf(layer.crs);
  const isOwn = Boolean(definition) || ['EPSG:3857', 'EPSG:4326'].includes(layer.crs);
  const projection = isOwn ? layer.crs : 'EPSG:3857';
  const names = {time: 'Time', elevation: 'Elevation', water_level: 'WATER_LEVEL'};
  const dimensions = Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name], value]));
  const urn = `urn:ogc:def:crs:${projection.replace(':', '::')}`;
  const fit = isOwn
    ? inScript(rounded(layer.extent, digitsOf(layer)))
    : `ol.proj.transformExtent(${inScript(rounded(layer.geographic_extent, 6))}, "EPSG:4326", "EPSG:3857")`;
  const register = definition ? [
    `const definition = ${inScript(definition)};`,
    `proj4.defs([[${inScript(projection)}, definition], [${inScript(urn)}, definition]]);`,
    'ol.proj.proj4.register(proj4);',
    '',
  ] : [];
  return page(layer, ['ol@10.11.0/ol.css'],
    [...definition ? ['proj4@2.22.0/dist/proj4.js'] : [], 'ol@10.11.0/dist/ol.js'], [
      ...register,
      `fetch(${inScript(layer.wmts)})`,
      '  .then(response => response.text())',
      '  .then(text => {',
      '    const capabilities = new ol.format.WMTSCapabilities().read(text);',
      '    const options = ol.source.WMTS.optionsFromCapabilities(capabilities, {',
      `      layer: ${inScript(layer.name)},`,
      `      matrixSet: ${inScript(isOwn ? layer.tile_matrix_set : layer.web_mercator_set)},`,
      '    });',
      ...Object.keys(dimensions).length ? [`    Object.assign(options.dimensions, ${inScript(dimensions)});`] : [],
      `    options.attributions = ${inScript(tileJson.attribution)};`,
      '    const map = new ol.Map({',
      '      target: "map",',
      '      layers: [new ol.layer.Tile({source: new ol.source.WMTS(options)})],',
      `      view: new ol.View({projection: ${inScript(projection)}}),`,
      '    });',
      `    map.getView().fit(${fit});`,
      '  });',
    ]);
}

function leaflet({layer, tileJson}) {
  const [west, south, east, north] = rounded(layer.geographic_extent, 6);
  return page(layer, ['leaflet@1.9.4/dist/leaflet.css'], ['leaflet@1.9.4/dist/leaflet.js'], [
    `const bounds = ${inScript([[south, west], [north, east]])};`,
    'const map = L.map("map").fitBounds(bounds);',
    `L.tileLayer(${inScript(tileJson.tiles[0])}, {`,
    '  bounds,',
    `  maxNativeZoom: ${inScript(tileJson.maxzoom)},`,
    `  maxZoom: ${inScript(tileJson.maxzoom + 2)},`,
    `  attribution: ${inScript(tileJson.attribution)},`,
    '}).addTo(map);',
  ]);
}

function mapLibre({layer, tileJsonAddress}) {
  return page(layer, ['maplibre-gl@5.24.1/dist/maplibre-gl.css'], ['maplibre-gl@5.24.1/dist/maplibre-gl.js'], [
    'new maplibregl.Map({',
    '  container: "map",',
    `  bounds: ${inScript(rounded(layer.geographic_extent, 6))},`,
    '  style: {',
    '    version: 8,',
    `    sources: {layer: {type: "raster", url: ${inScript(tileJsonAddress)}, tileSize: 256}},`,
    '    layers: [{id: "layer", type: "raster", source: "layer"}],',
    '  },',
    '});',
  ]);
}

/** All of the layer by WMS 1.1.1, where x stands before y in every system. */
function picture({layer, values}) {
  const box = layer.crs ? layer.extent : layer.geographic_extent;
  const [west, south, east, north] = box;
  const width = 800;
  const height = Math.min(2000, Math.max(1, Math.round(width * (north - south) / (east - west))));
  const address = new URL(layer.wms);
  address.search = new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: '1.1.1',
    REQUEST: 'GetMap',
    LAYERS: layer.name,
    STYLES: '',
    SRS: layer.crs || 'EPSG:4326',
    BBOX: rounded(box, digitsOf(layer)),
    WIDTH: width,
    HEIGHT: height,
    FORMAT: layer.format,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toUpperCase(), value])),
  });
  return `<img src="${inHtml(address.href)}"\n     width="${width}" height="${height}" alt="${inHtml(layer.title)}">\n`;
}

/** What it is, 500 of its pixels in the middle (or as many as it has) as a file, and an address that needs no driver's name. */
function gdal({layer}) {
  const name = `WMTS:${layer.wmts},layer=${layer.name},tilematrixset=${layer.tile_matrix_set}`;
  const [x, y] = middleOf(layer.extent);
  const [west, south, east, north] = layer.extent;
  const pixels = Math.min(500, Math.round(Math.min(east - west, north - south) / layer.cell_size));
  const half = layer.cell_size * pixels / 2;
  const window = rounded([x - half, y + half, x + half, y - half], digitsOf(layer));
  return [
    `gdalinfo ${inShell(name)}`,
    `gdal_translate -projwin ${window.join(' ')} -outsize ${pixels} ${pixels} ${inShell(name)} part.tif`,
    ...layer.gdal ? [`gdalinfo ${inShell(layer.gdal)}`] : [],
    '',
  ].join('\n');
}

/** By parameters: portals know a WMTS by the words of its address. */
const capabilitiesByParameters = ({wmts}) =>
  wmts.replace(/\/1\.0\.0\/WMTSCapabilities\.xml$/, '?SERVICE=WMTS&REQUEST=GetCapabilities');

/**
 * What a layer of pixels offers to each program: texts.howTo has the steps. `facts` are its entry in layers.json, its
 * TileJSON with the address of that, and the values chosen of its dimensions, by name.
 * @returns {{id: string, name: string, addresses: [string, string][], code?: string}[]}
 */
export function snippetsOf(facts) {
  const {layer, tileJson} = facts;
  const [xyz] = tileJson.tiles;
  return [
    {id: 'qgis', name: 'QGIS', addresses: [['WMTS', layer.wmts], ['XYZ', xyz]]},
    {id: 'openlayers', name: 'OpenLayers', addresses: [], code: openLayers(facts)},
    {id: 'leaflet', name: 'Leaflet', addresses: [], code: leaflet(facts)},
    {id: 'maplibre', name: 'MapLibre', addresses: [], code: mapLibre(facts)},
    {id: 'image', name: 'HTML', addresses: [], code: picture(facts)},
    {id: 'gdal', name: 'GDAL', addresses: [], code: gdal(facts)},
    {id: 'arcgis', name: 'ArcGIS', addresses: [['WMTS', layer.wmts]]},
    {id: 'opendatasoft', name: 'Opendatasoft, udata', addresses: [['XYZ', xyz], ['WMTS', capabilitiesByParameters(layer)]]},
  ];
}
