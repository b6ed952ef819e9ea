// SPDX-License-Identifier: Apache-2.0
// The coordinate systems that OpenLayers does not know by itself: those of France, and UTM anywhere.

import {get as getProjection} from 'ol/proj.js';
import {register} from 'ol/proj/proj4.js';
import proj4 from 'proj4';

const grs80 = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs';
const wgs84 = '+datum=WGS84 +units=m +no_defs';

const lambert93 = {
  name: 'Lambert-93',
  definition: `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ${grs80}`,
};

/** Nine conic zones of mainland France, named after their central parallel. */
function conic(parallel) {
  return {
    name: `CC${parallel}`,
    definition:
      `+proj=lcc +lat_0=${parallel} +lon_0=3 +lat_1=${parallel - 0.75} +lat_2=${parallel + 0.75} ` +
      `+x_0=1700000 +y_0=${(parallel - 41) * 1_000_000 + 200_000} ${grs80}`,
  };
}

function utm(zone, hemisphere, datum) {
  return {
    name: `UTM ${zone}${hemisphere}`,
    definition: `+proj=utm +zone=${zone} ${hemisphere === 'S' ? '+south ' : ''}${datum}`,
  };
}

const lambert2 = {
  name: 'Lambert II étendu',
  definition:
    '+proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=0 +k_0=0.99987742 +x_0=600000 +y_0=2200000 ' +
    '+a=6378249.2 +b=6356515 +towgs84=-168,-60,320,0,0,0,0 +pm=paris +units=m +no_defs',
};

const named = {
  'EPSG:2056': {
    name: 'LV95',
    definition:
      '+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 +y_0=1200000 ' +
      '+ellps=bessel +towgs84=674.374,15.056,405.346,0,0,0,0 +units=m +no_defs',
  },
  'EPSG:2154': lambert93,
  'EPSG:9793': lambert93,
  'EPSG:9794': lambert93,
  'EPSG:27572': lambert2,
  'EPSG:2972': utm(22, 'N', grs80),
  'EPSG:2975': utm(40, 'S', grs80),
  'EPSG:4467': utm(21, 'N', grs80),
  'EPSG:4471': utm(38, 'S', grs80),
  'EPSG:4559': utm(20, 'N', grs80),
  'EPSG:5490': utm(20, 'N', grs80),
  'EPSG:3296': utm(5, 'S', grs80),
  'EPSG:3297': utm(6, 'S', grs80),
  'EPSG:3298': utm(7, 'S', grs80),
  'EPSG:3163': {
    name: 'Lambert Nouvelle-Calédonie',
    definition:
      '+proj=lcc +lat_0=-21.5 +lon_0=166 +lat_1=-20.6666666666667 +lat_2=-22.3333333333333 ' +
      `+x_0=400000 +y_0=300000 ${grs80}`,
  },
  // Europe's two are written northing first, as the axes of WMTS corners are.
  'EPSG:3034': {
    name: 'LCC Europe',
    definition: `+proj=lcc +lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 +axis=neu ${grs80}`,
  },
  'EPSG:3035': {
    name: 'LAEA Europe',
    definition: `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +axis=neu ${grs80}`,
  },
  'IGNF:LAMB93': lambert93,
  'IGNF:LAMBE': lambert2,
  'IGNF:RGAF09UTM20': utm(20, 'N', grs80),
  'IGNF:RGM04UTM38S': utm(38, 'S', grs80),
  'IGNF:RGPFUTM6S': utm(6, 'S', grs80),
  'IGNF:RGR92UTM40S': utm(40, 'S', grs80),
  'IGNF:RGSPM06U21': utm(21, 'N', grs80),
  'IGNF:UTM20W84MART': utm(20, 'N', wgs84),
  'IGNF:UTM22RGFG95': utm(22, 'N', grs80),
  'IGNF:WGS84G': {name: 'WGS 84', definition: '+proj=longlat +datum=WGS84 +no_defs'},
};

const between = (value, first, last) => value >= first && value <= last;

/** Systems whose codes follow a rule: the zone is in the digits. */
function byRule(code) {
  const epsg = Number(/^EPSG:(\d+)$/.exec(code)?.[1]);
  for (const base of [3900, 9780, 9800]) // RGF93 v1, v2, v2b
    if (between(epsg - base, 42, 50))
      return conic(epsg - base);
  if (between(epsg - 32600, 1, 60))
    return utm(epsg - 32600, 'N', wgs84);
  if (between(epsg - 32700, 1, 60))
    return utm(epsg - 32700, 'S', wgs84);
  if (between(epsg - 25800, 28, 38))
    return utm(epsg - 25800, 'N', grs80);
  const parallel = Number(/^IGNF:RGF93CC(\d\d)$/.exec(code)?.[1]);
  if (between(parallel, 42, 50))
    return conic(parallel);
  const zone = Number(/^IGNF:UTM(\d\d)SW84$/.exec(code)?.[1]);
  return between(zone, 1, 60) ? utm(zone, 'S', wgs84) : undefined;
}

const builtIn = {'EPSG:3857': 'Web Mercator', 'EPSG:4326': 'WGS 84', 'CRS:84': 'WGS 84'};

const known = code => named[code] ?? byRule(code);

/** What people call a system: "Lambert-93". */
export function projectionName(code) {
  return builtIn[code] ?? known(code)?.name ?? code;
}

/** What proj4 is told of a system that OpenLayers does not know by itself, or undefined. */
export const definitionOf = code => known(code)?.definition;

/** The projection of OpenLayers for a code like "EPSG:2154", or null where there is no definition. */
export function projectionOf(code) {
  const system = known(code);
  if (system && !getProjection(code)) {
    const [authority, number] = code.split(':');
    // WMTS writes codes as URNs, of which OpenLayers takes only the EPSG's apart.
    proj4.defs([[code, system.definition], [`urn:ogc:def:crs:${authority}::${number}`, system.definition]]);
    register(proj4);
  }
  return getProjection(code);
}
