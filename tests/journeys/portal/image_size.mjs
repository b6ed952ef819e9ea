// SPDX-License-Identifier: Apache-2.0
// What kind of picture bytes are, and its size, from the bytes alone.

const startsWith = (bytes, ...first) => first.every((value, i) => bytes[i] === value);

/** The frame header (SOF) of a JPEG holds its size; segments lead to it. */
function jpegSize(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1];
    const otherTables = [0xc4, 0xc8, 0xcc];
    if (marker >= 0xc0 && marker <= 0xcf && !otherTables.includes(marker))
      return {type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5)};
  }
  throw new Error('a JPEG without a frame');
}

function pngSize(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {type: 'image/png', width: view.getUint32(16), height: view.getUint32(20)};
}

export function imageSize(bytes) {
  if (startsWith(bytes, 0xff, 0xd8))
    return jpegSize(bytes);
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47))
    return pngSize(bytes);
  throw new Error('neither JPEG nor PNG');
}
