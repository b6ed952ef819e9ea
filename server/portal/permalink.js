// SPDX-License-Identifier: Apache-2.0
// What is shown, in the address: "#layer=ortho&view=native&center=430796.8,6712800&zoom=18.25".

/** @returns {{layer?: string, view?: string, style?: string, position?: {center: number[], zoom: number}}} */
export function readPermalink(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const center = (given.get('center') ?? '').split(',').map(Number);
  const zoom = Number(given.get('zoom') ?? NaN);
  const complete = center.length === 2 && [...center, zoom].every(Number.isFinite);
  return {
    layer: given.get('layer') ?? undefined,
    view: given.get('view') ?? undefined,
    style: given.get('style') ?? undefined,
    position: complete ? {center, zoom} : undefined,
  };
}

export function writePermalink({layer, view, style, position}) {
  const rounded = (value, digits) => String(Number(value.toFixed(digits)));
  const center = position.center.map(value => rounded(value, position.unit === 'degrees' ? 8 : 2));
  const parts = [
    `layer=${encodeURIComponent(layer)}`,
    `view=${view}`,
    style && `style=${encodeURIComponent(style)}`,
    `center=${center}`,
    `zoom=${rounded(position.zoom, 2)}`,
  ];
  return `#${parts.filter(Boolean).join('&')}`;
}
