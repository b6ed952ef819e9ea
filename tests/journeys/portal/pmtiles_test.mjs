// SPDX-License-Identifier: Apache-2.0
// PMTiles' own reader finds in an archive that Ardoise exported what lies in a folder that it exported.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {open, readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {PMTiles, TileType} from 'pmtiles';

import {ardoise, makeFolder, removeFolder} from './running_server.mjs';

/** A file in the place of a web server that answers ranges. */
class FileSource {
  constructor(file, handle) {
    this.file = file;
    this.handle = handle;
  }

  getKey() {
    return this.file;
  }

  async getBytes(offset, length) {
    const {buffer, bytesRead} = await this.handle.read(Buffer.alloc(length), 0, length, offset);
    return {data: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + bytesRead)};
  }
}

describe('PMTiles reads what Ardoise exports', () => {
  let folder, handle, archive, tiles;

  before(async () => {
    folder = await makeFolder();
    const [sources, store] = [join(folder, 'city'), join(folder, 'store')];
    await ardoise('sample', '--into', sources, '--dalles', '1x1', '--years', '2022');
    await ardoise('build', join(sources, '2022'), '--into', store, '--tms', 'PM', '--bottom', '20', '--name', 'city',
      '--bands', '1,2,3', '--format', 'png');
    for (const to of ['city.pmtiles', 'tiles/{z}/{x}/{y}.png'])
      await ardoise('export', join(store, 'city.json'), '--to', join(folder, to));
    tiles = (await readdir(join(folder, 'tiles'), {recursive: true})).filter(name => name.endsWith('.png'));
    const file = join(folder, 'city.pmtiles');
    handle = await open(file);
    archive = new PMTiles(new FileSource(file, handle));
  });
  after(async () => {
    await handle?.close();
    await removeFolder(folder);
  });

  it('knows what is in it', async () => {
    const header = await archive.getHeader();
    assert.equal(header.specVersion, 3);
    assert.equal(header.tileType, TileType.Png);
    assert.equal(header.clustered, true);
    assert.deepEqual([header.minZoom, header.maxZoom], [0, 20]);
    assert.equal(header.numAddressedTiles, tiles.length);
    assert.ok(header.minLon > -1.3 && header.maxLon < -0.4 && header.minLat > 47.3 && header.maxLat < 47.6);
    assert.equal((await archive.getMetadata()).name, 'city');
  });

  it('finds every tile, byte for byte', async () => {
    assert.ok(tiles.length > 30, `${tiles.length} tiles`);
    for (const name of tiles) {
      const [z, x, y] = name.replace('.png', '').split('/').map(Number);
      const found = await archive.getZxy(z, x, y);
      assert.ok(found, name);
      assert.deepEqual(Buffer.from(found.data), await readFile(join(folder, 'tiles', name)), name);
    }
  });

  it('finds nothing where nothing is', async () => {
    for (const place of [[20, 0, 0], [5, 31, 31], [1, 1, 1]])
      assert.equal(await archive.getZxy(...place), undefined, place.join('/'));
  });
});
