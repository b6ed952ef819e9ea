// SPDX-License-Identifier: Apache-2.0
// Runs in the page: a map of Leaflet with one layer.

/** Draws `kind` of layer around `center` (latitude, longitude); the box that is then seen, in metres of Web Mercator. */
async function show({kind, url, options, center, zoom}) {
  const map = L.map('map', {
    center, zoom, zoomControl: false, attributionControl: false, fadeAnimation: false, zoomAnimation: false, maxZoom: 24,
  });
  const layer = kind === 'wms' ? L.tileLayer.wms(url, options) : L.tileLayer(url, options);
  const loaded = new Promise(resolve => layer.once('load', resolve));
  layer.addTo(map);
  await loaded;
  const {min, max} = map.getPixelBounds();
  const [northWest, southEast] = [min, max].map(pixel => L.CRS.EPSG3857.project(map.unproject(pixel, zoom)));
  return [northWest.x, southEast.y, southEast.x, northWest.y];
}
