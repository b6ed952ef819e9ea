// SPDX-License-Identifier: Apache-2.0
// How alike two pictures of one ground are, and by how much one is shifted against the other.

import assert from 'node:assert/strict';
import {PNG} from 'pngjs';

/** {width, height, data}: four bytes a pixel, row by row from the top. */
export const decode = bytes => PNG.sync.read(Buffer.from(bytes));

/** Brightness of each pixel, from 0 to 255. */
function grey({data}) {
  const values = new Float64Array(data.length / 4);
  for (let i = 0; i < values.length; ++i)
    values[i] = (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3;
  return values;
}

/** Mean of the differences of red, green and blue. */
export function meanDifference(one, other) {
  let sum = 0;
  for (let i = 0; i < one.data.length; ++i)
    sum += i % 4 === 3 ? 0 : Math.abs(one.data[i] - other.data[i]);
  return sum / (one.data.length * 3 / 4);
}

/**
 * Columns and rows by which `other` lies right of and below `one`: least squares on differences of brightness against
 * gradients (Lucas and Kanade), as tests/journeys/support/measures.py does it; good below one pixel.
 */
export function shift(one, other) {
  const {width, height} = one;
  const [a, b] = [grey(one), grey(other)];
  const mean = a.map((value, i) => (value + b[i]) / 2);
  let xx = 0, xy = 0, yy = 0, xd = 0, yd = 0;
  for (let row = 2; row < height - 2; ++row)
    for (let i = row * width + 2; i < (row + 1) * width - 2; ++i) {
      const gx = (mean[i + 1] - mean[i - 1]) / 2, gy = (mean[i + width] - mean[i - width]) / 2, d = a[i] - b[i];
      xx += gx * gx, xy += gx * gy, yy += gy * gy, xd += gx * d, yd += gy * d;
    }
  const determinant = xx * yy - xy * xy;
  return [(yy * xd - xy * yd) / determinant, (xx * yd - xy * xd) / determinant];
}

/** How many colours there are: one where nothing is drawn. */
export const colours = ({data}) => new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size;

/** Insists that two pictures show the same at the same place. */
export function checkAlike(seen, wanted, {difference, pixels}) {
  assert.deepEqual([seen.width, seen.height], [wanted.width, wanted.height]);
  assert.ok(colours(wanted) > 1000, 'there is something to see');
  const off = shift(wanted, seen);
  assert.ok(Math.hypot(...off) < pixels, `shifted by ${off} pixels`);
  const mean = meanDifference(wanted, seen);
  assert.ok(mean < difference, `different by ${mean}`);
}
