// SPDX-License-Identifier: Apache-2.0
// What the page says, in the reader's language, and how it writes numbers.

const englishSteps = {
  arcgis: 'Pro: Insert > Connections > Server > New WMTS Server, with this address; the layer stands below it in the Catalog. ' +
    'Online: Add > Add layer from URL, type WMTS (OGC); its maps want a set in Web Mercator.',
  gdal: 'GDAL reads the tiles in the layer’s own grid: what it is, and up to 500 pixels of the middle as a file.',
  image: 'The whole layer as one picture, by WMS. Change BBOX, WIDTH and HEIGHT for a part of it.',
  leaflet: 'A page that works as it stands: tiles in Web Mercator.',
  maplibre: 'A page that works as it stands: TileJSON says where the tiles are, how fine, and whose.',
  opendatasoft: 'Opendatasoft: a basemap of type custom, with the XYZ address. udata (data.gouv.fr): a resource with the ' +
    'WMTS address, which it knows by its parameters.',
  openlayers: 'A page that works as it stands: the tiles as they are stored, in the layer’s own system.',
  qgis: 'Drag the layer definition into QGIS, or open it by Layer > Add from Layer Definition File. Or connect: Layer > Add ' +
    'Layer > Add WMS/WMTS Layer > New with the WMTS address; XYZ Tiles > New Connection in the browser with the other.',
};

const frenchSteps = {
  arcgis: 'Pro : Insertion > Connexions > Serveur > Nouveau serveur WMTS, avec cette adresse ; la couche apparaît dessous dans le ' +
    'catalogue. Online : Ajouter > Ajouter une couche depuis une URL, type WMTS (OGC) ; ses cartes veulent une grille en Web Mercator.',
  gdal: 'GDAL lit les tuiles dans la grille de la couche : sa description, et jusqu’à 500 pixels du milieu dans un fichier.',
  image: 'Toute la couche en une image, par WMS. Changez BBOX, WIDTH et HEIGHT pour une partie.',
  leaflet: 'Une page qui marche telle quelle : tuiles en Web Mercator.',
  maplibre: 'Une page qui marche telle quelle : le TileJSON dit où sont les tuiles, leur finesse et leur auteur.',
  opendatasoft: 'Opendatasoft : un fond de carte de type personnalisé, avec l’adresse XYZ. udata (data.gouv.fr) : une ressource avec ' +
    'l’adresse WMTS, qu’il reconnaît à ses paramètres.',
  openlayers: 'Une page qui marche telle quelle : les tuiles stockées, dans la projection de la couche.',
  qgis: 'Glissez la définition de couche dans QGIS, ou ouvrez-la par Couche > Ajouter depuis un fichier de définition de couche. Ou ' +
    'connectez-vous : Couche > Ajouter une couche > WMS/WMTS > Nouveau avec l’adresse WMTS ; dans l’explorateur, XYZ Tiles > ' +
    'Nouvelle connexion avec l’autre.',
};

const english = {
  addresses: 'Addresses and details',
  addressesOfGroup: 'Addresses of the group',
  addressesTitle: 'Addresses',
  allLayers: 'All layers',
  attribution: 'Attribution',
  attributionOf: provider => `© ${provider}`,
  between: (finest, coarsest) => `${finest} to ${coarsest}`,
  centre: 'Centre',
  copied: 'Copied',
  copy: 'Copy',
  copyOf: what => `Copy: ${what}`,
  crs: 'Coordinate system',
  data: 'Data',
  dimension: {time: 'Time', elevation: 'Elevation', water_level: 'Water level'},
  emptyHow: 'Build a first pyramid into the folder that this server publishes:',
  emptyReload: 'then wait a few seconds, or have the server read the folder at once:',
  emptyTitle: 'Nothing is published yet.',
  extent: 'Extent',
  facts: 'What it is',
  fees: 'Fees',
  filter: 'Filter the layers',
  format: 'Format',
  geographicExtent: 'In degrees',
  group: 'Group',
  unit: 'Unit of values',
  howTo: englishSteps,
  identifier: 'Name',
  keywords: 'Keywords',
  layerDefinition: 'Layer definition for QGIS (.qlr)',
  layerPage: 'Use it',
  layerPageOf: title => `Use it: ${title}`,
  layers: 'Layers',
  legendOf: style => `Legend: ${style}`,
  licence: 'Terms of use',
  map: 'Map',
  mapHelp: 'Map. Arrow keys move it, plus and minus zoom.',
  metadata: 'Metadata',
  ownView: name => `${name}, native`,
  resolution: 'Resolution',
  scales: 'Scales',
  shown: title => `${title} is shown`,
  style: 'Style',
  systems: 'Maps in',
  thirdParty: 'Third-party software',
  tileMatrixSet: 'Tile matrix set',
  tileMatrixSets: 'Tiles in',
  troubleLayer: title => `${title} could not be shown.`,
  troubleLayers: 'The list of layers could not be read. Is the server running?',
  troubleTiles: 'Some tiles could not be loaded.',
  unknownFormat: 'No preview: the page draws pictures only.',
  use: 'Use it in',
  view: 'Shown in',
  wholeService: 'Every layer at one address',
  wholeView: 'The whole layer',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
};

const french = {
  addresses: 'Adresses et détails',
  addressesOfGroup: 'Adresses du groupe',
  addressesTitle: 'Adresses',
  allLayers: 'Toutes les couches',
  attribution: 'Attribution',
  attributionOf: provider => `© ${provider}`,
  between: (finest, coarsest) => `${finest} à ${coarsest}`,
  centre: 'Centre',
  copied: 'Copié',
  copy: 'Copier',
  copyOf: what => `Copier : ${what}`,
  crs: 'Projection',
  data: 'Données',
  dimension: {time: 'Date', elevation: 'Altitude', water_level: 'Hauteur d’eau'},
  emptyHow: 'Construisez une première pyramide dans le dossier que ce serveur publie :',
  emptyReload: 'puis attendez quelques secondes, ou faites-lui relire ce dossier aussitôt :',
  emptyTitle: 'Rien n’est encore publié.',
  extent: 'Emprise',
  facts: 'Description',
  fees: 'Tarifs',
  filter: 'Filtrer les couches',
  format: 'Format',
  geographicExtent: 'En degrés',
  group: 'Groupe',
  unit: 'Unité des valeurs',
  howTo: frenchSteps,
  identifier: 'Nom',
  keywords: 'Mots-clés',
  layerDefinition: 'Définition de couche pour QGIS (.qlr)',
  layerPage: 'Utiliser',
  layerPageOf: title => `Utiliser : ${title}`,
  layers: 'Couches',
  legendOf: style => `Légende : ${style}`,
  licence: 'Conditions d’utilisation',
  map: 'Carte',
  mapHelp: 'Carte. Les flèches la déplacent, plus et moins changent l’échelle.',
  metadata: 'Métadonnées',
  ownView: name => `${name}, natif`,
  resolution: 'Résolution',
  scales: 'Échelles',
  shown: title => `${title} est affichée`,
  style: 'Style',
  systems: 'Cartes en',
  thirdParty: 'Logiciels tiers',
  tileMatrixSet: 'Grille de tuiles',
  tileMatrixSets: 'Tuiles en',
  troubleLayer: title => `${title} n’a pas pu être affichée.`,
  troubleLayers: 'La liste des couches n’a pas pu être lue. Le serveur est-il en marche ?',
  troubleTiles: 'Des tuiles n’ont pas pu être chargées.',
  unknownFormat: 'Pas d’aperçu : la page ne dessine que des images.',
  use: 'Utiliser dans',
  view: 'Affichage en',
  wholeService: 'Toutes les couches à une adresse',
  wholeView: 'Toute la couche',
  zoomIn: 'Zoomer',
  zoomOut: 'Dézoomer',
};

export const language = navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
export const texts = language === 'fr' ? french : english;

/** A text of which the server has one for each language. */
export const inLanguage = text => text[language] ?? text.en ?? Object.values(text)[0];

/** Fills what index.html leaves blank. */
export function translate(page) {
  page.documentElement.lang = language;
  for (const element of page.querySelectorAll('[data-text]'))
    element.textContent = texts[element.dataset.text];
  for (const element of page.querySelectorAll('[data-label]'))
    element.setAttribute('aria-label', texts[element.dataset.label]);
  for (const element of page.querySelectorAll('[data-placeholder]')) {
    element.placeholder = texts[element.dataset.placeholder];
    element.setAttribute('aria-label', element.placeholder);
  }
}

const short = new Intl.NumberFormat(navigator.language, {maximumSignificantDigits: 3});

/** A pixel's side, in the unit that reads best. */
export function writeResolution(cellSize, unit) {
  if (unit === 'degrees')
    return `${short.format(cellSize * 3600)}″`;
  return cellSize < 1 ? `${short.format(cellSize * 100)} cm` : `${short.format(cellSize)} m`;
}

/** "E 430 796.80  N 6 712 800.00", or degrees. */
export function writeCoordinates([x, y], unit) {
  const degrees = unit === 'degrees';
  const digits = degrees ? 7 : 2;
  const number = new Intl.NumberFormat(navigator.language, {minimumFractionDigits: digits, maximumFractionDigits: digits});
  return degrees ? `${number.format(x)}°  ${number.format(y)}°` : `E ${number.format(x)}  N ${number.format(y)}`;
}

/** "1 : 25 000". */
export function writeScale(denominator) {
  return `1\u202f:\u202f${new Intl.NumberFormat(navigator.language, {maximumFractionDigits: 0}).format(denominator)}`;
}

/** The lower left and the upper right corner. */
export function writeBox([left, bottom, right, top], unit) {
  const digits = unit === 'degrees' ? 5 : 0;
  const number = new Intl.NumberFormat(navigator.language, {maximumFractionDigits: digits});
  const corner = (x, y) => `${number.format(x)}\u2003${number.format(y)}`;
  return `${corner(left, bottom)} – ${corner(right, top)}`;
}

export function writeFormat(mediaType) {
  const known = {'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP'};
  return known[mediaType] ?? mediaType;
}
