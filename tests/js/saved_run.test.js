import assert from "node:assert/strict";
import test from "node:test";
import { gunzipSync } from "node:zlib";

import "./file_reader.js";
import { packedRun } from "../../bnviz/live/board/saved_run.js";

/** @param {number} header @param {number} body @param {number} behind */
function saved(header, body, behind) {
  const bytes = new Uint8Array(52 + header + body + behind).fill(7);
  const lengths = new DataView(bytes.buffer);
  lengths.setUint32(44, header, true);
  lengths.setUint32(48, body, true);
  return new File([bytes], "run.bnviz");
}

test("of a saved run its first part is sent, not what training needs to go on", async () => {
  const { data, ...words } = await packedRun(saved(20, 30, 1000), 500);
  assert.deepEqual(words, { name: "run.bnviz", size: 102 });
  assert.equal(gunzipSync(Buffer.from(data, "base64")).length, 102);
});

test("of one that is too large its size is sent alone", async () => {
  assert.deepEqual(await packedRun(saved(20, 30, 0), 101), { name: "run.bnviz", size: 102, data: "" });
});

test("another file is sent as far as it goes", async () => {
  assert.equal((await packedRun(new File(["x,y"], "table.csv"), 500)).size, 3);
  assert.equal((await packedRun(new File(["\xff".repeat(60)], "text"), 500)).size, 120);
});
