// SPDX-License-Identifier: Apache-2.0
// Runs in the page: a map of MapLibre GL JS with one raster source.

/** The place near `center` where four pixels meet: MapLibre moves tiles to whole pixels, up to half of one, and not its box. */
function betweenPixels(center, zoom) {
  const pixels = 512 * 2 ** zoom;
  const {x, y} = maplibregl.MercatorCoordinate.fromLngLat(center);
  return new maplibregl.MercatorCoordinate(Math.round(x * pixels) / pixels, Math.round(y * pixels) / pixels).toLngLat();
}

/** Draws `source` around `center` (longitude, latitude); the box that is then seen, in metres of Web Mercator. */
async function show({source, center, zoom}) {
  const map = new maplibregl.Map({
    container: 'map', center: betweenPixels(center, zoom), zoom, attributionControl: false, fadeDuration: 0, maxZoom: 23,
    style: {
      version: 8,
      sources: {ground: {type: 'raster', ...source}},
      layers: [
        {id: 'paper', type: 'background', paint: {'background-color': '#fff'}},
        {id: 'ground', type: 'raster', source: 'ground', paint: {'raster-fade-duration': 0}},
      ],
    },
  });
  await new Promise(resolve => map.once('idle', resolve));
  const bounds = map.getBounds();
  const around = 2 * 20037508.342789244;
  const [west, north, east, south] = [bounds.getNorthWest(), bounds.getSouthEast()].flatMap(corner => {
    const {x, y} = maplibregl.MercatorCoordinate.fromLngLat(corner);
    return [(x - 0.5) * around, (0.5 - y) * around];
  });
  return [west, south, east, north];
}
