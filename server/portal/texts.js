// SPDX-License-Identifier: Apache-2.0
// What the page says, in the reader's language, and how it writes numbers.

const english = {
  addresses: 'Addresses and details',
  attributionOf: provider => `© ${provider}`,
  centre: 'Centre',
  copied: 'Copied',
  copy: 'Copy',
  copyOf: what => `Copy: ${what}`,
  crs: 'Coordinate system',
  emptyHow: 'Build a first pyramid into the folder that this server publishes:',
  emptyReload: 'then wait a few seconds, or have the server read the folder at once:',
  emptyTitle: 'Nothing is published yet.',
  filter: 'Filter the layers',
  format: 'Format',
  identifier: 'Name',
  layers: 'Layers',
  map: 'Map',
  mapHelp: 'Map. Arrow keys move it, plus and minus zoom.',
  ownView: name => `${name}, native`,
  resolution: 'Resolution',
  shown: title => `${title} is shown`,
  style: 'Style',
  thirdParty: 'Third-party software',
  tileMatrixSet: 'Tile matrix set',
  troubleLayer: title => `${title} could not be shown.`,
  troubleLayers: 'The list of layers could not be read. Is the server running?',
  troubleTiles: 'Some tiles could not be loaded.',
  unknownFormat: 'No preview: the page draws pictures only.',
  view: 'Shown in',
  wholeService: 'Every layer at one address',
  wholeView: 'The whole layer',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
};

const french = {
  addresses: 'Adresses et détails',
  attributionOf: provider => `© ${provider}`,
  centre: 'Centre',
  copied: 'Copié',
  copy: 'Copier',
  copyOf: what => `Copier : ${what}`,
  crs: 'Projection',
  emptyHow: 'Construisez une première pyramide dans le dossier que ce serveur publie :',
  emptyReload: 'puis attendez quelques secondes, ou faites-lui relire ce dossier aussitôt :',
  emptyTitle: 'Rien n’est encore publié.',
  filter: 'Filtrer les couches',
  format: 'Format',
  identifier: 'Nom',
  layers: 'Couches',
  map: 'Carte',
  mapHelp: 'Carte. Les flèches la déplacent, plus et moins changent l’échelle.',
  ownView: name => `${name}, natif`,
  resolution: 'Résolution',
  shown: title => `${title} est affichée`,
  style: 'Style',
  thirdParty: 'Logiciels tiers',
  tileMatrixSet: 'Grille de tuiles',
  troubleLayer: title => `${title} n’a pas pu être affichée.`,
  troubleLayers: 'La liste des couches n’a pas pu être lue. Le serveur est-il en marche ?',
  troubleTiles: 'Des tuiles n’ont pas pu être chargées.',
  unknownFormat: 'Pas d’aperçu : la page ne dessine que des images.',
  view: 'Affichage en',
  wholeService: 'Toutes les couches à une adresse',
  wholeView: 'Toute la couche',
  zoomIn: 'Zoomer',
  zoomOut: 'Dézoomer',
};

export const language = navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
export const texts = language === 'fr' ? french : english;

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

export function writeFormat(mediaType) {
  const known = {'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP'};
  return known[mediaType] ?? mediaType;
}
