// SPDX-License-Identifier: Apache-2.0
// Runs in the page: a map of MapLibre GL JS whose ground is made of heights in colours, hillshaded.

/** The heights that it has at `places` (longitude, latitude). */
async function show({source, center, zoom, places}) {
  const map = new maplibregl.Map({
    container: 'map', center, zoom, pitch: 40, attributionControl: false, fadeDuration: 0,
    style: {
      version: 8,
      sources: {heights: {type: 'raster-dem', ...source}, slopes: {type: 'raster-dem', ...source}}, // one for each use, as it asks for
      layers: [
        {id: 'paper', type: 'background', paint: {'background-color': '#fff'}},
        {id: 'ground', type: 'hillshade', source: 'slopes'},
      ],
      terrain: {source: 'heights', exaggeration: 1},
    },
  });
  await new Promise(resolve => map.once('idle', resolve));
  return places.map(place => map.terrain.getElevationForLngLat(maplibregl.LngLat.convert(place), map.transform));
}
