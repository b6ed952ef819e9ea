// SPDX-License-Identifier: Apache-2.0
// Runs in the page: a map of OpenLayers with one layer.

const lambert93 =
  '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs';
// By its URI it is known to OGC API.
proj4.defs([['EPSG:2154', lambert93], ['http://www.opengis.net/def/crs/EPSG/0/2154', lambert93]]);
ol.proj.proj4.register(proj4);

/** The options of a WMTS source, from the capabilities at `url`. */
async function fromCapabilities(url, wanted) {
  const text = await (await fetch(url)).text();
  return ol.source.WMTS.optionsFromCapabilities(new ol.format.WMTSCapabilities().read(text), wanted);
}

/** A source of the class `kind`; one that reads a document first is awaited. */
async function sourceOf(kind, url, options) {
  if (kind === 'WMTS')
    return new ol.source.WMTS({...await fromCapabilities(url, options), transition: 0});
  const source = new ol.source[kind]({url, transition: 0, ...options});
  if (source.getState() === 'loading')
    await new Promise(resolve => source.once('change', resolve));
  return source;
}

/** The level nearest to a resolution, and where four of its pixels meet: tiles are shown at whole pixels. */
function onTheGrid(grid, center, resolution) {
  const level = grid.getZForResolution(resolution);
  const cell = grid.getResolution(level), origin = grid.getOrigin(level);
  return {resolution: cell, center: center.map((value, i) => origin[i] + Math.round((value - origin[i]) / cell) * cell)};
}

/**
 * Draws the source around `center`, as many of `crs`' units a pixel as `resolution` says (or `between` levels of tiles);
 * the box that is then seen.
 */
async function show({kind, url, options, crs, center, resolution, between = false}) {
  const source = await sourceOf(kind, url, options);
  const isTiled = kind !== 'ImageWMS';
  const place = isTiled && !between
    ? onTheGrid(source.getTileGridForProjection(ol.proj.get(crs)), center, resolution)
    : {center, resolution};
  const Layer = isTiled ? ol.layer.Tile : ol.layer.Image;
  const map = new ol.Map({
    target: 'map', controls: [], layers: [new Layer({source})],
    view: new ol.View({projection: crs, ...place}),
  });
  await new Promise(resolve => map.once('rendercomplete', resolve));
  return map.getView().calculateExtent(map.getSize());
}
