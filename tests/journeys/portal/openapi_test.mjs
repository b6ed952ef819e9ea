// SPDX-License-Identifier: Apache-2.0
// The definition of OGC API is OpenAPI, by a validator that is not ours; and what it defines is there.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {Validator} from '@seriousme/openapi-schema-validator';

import {buildCity, makeFolder, removeFolder, startServer} from './running_server.mjs';

describe('the definition of OGC API', () => {
  let folder, server, definition;

  before(async () => {
    folder = await makeFolder();
    server = await startServer(await buildCity(folder, '1x1'));
    definition = await (await fetch(`${server.url}/ogcapi/api`)).json();
  });
  after(async () => {
    await server?.stop();
    await removeFolder(folder);
  });

  it('is valid OpenAPI 3.0', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(definition));
    assert.deepEqual(result.errors, undefined);
    assert.ok(result.valid);
    assert.equal(validator.version, '3.0');
    validator.resolveRefs(); // throws where one leads nowhere
  });

  it('has a refusal of what is no OpenAPI', async () => {
    const wrong = structuredClone(definition);
    wrong.paths['/conformance'].get.responses = {};
    assert.equal((await new Validator().validate(wrong)).valid, false);
  });

  it('leads to each resource that it has, but vector tiles, of which the city has none', async () => {
    const places = {collectionId: 'ortho', styleId: 'normal', tileMatrixSetId: '2154_5cm', tileMatrix: '4', tileRow: '1', tileCol: '0'};
    for (const [path, {get}] of Object.entries(definition.paths)) {
      const address = definition.servers[0].url + path.replace(/{(\w+)}/g, (_, name) => places[name]);
      const response = await fetch(address);
      const type = response.headers.get('content-type');
      const body = await response.arrayBuffer();
      if (get.tags[0] === 'Vector tiles') {
        assert.equal(response.status, 404, address);
        continue;
      }
      assert.equal(response.status, 200, address);
      assert.ok(type in get.responses['200'].content, `${address}: ${type}`);
      assert.ok(body.byteLength > 0);
    }
  });
});
