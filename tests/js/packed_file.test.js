import assert from "node:assert/strict";
import test from "node:test";
import { gunzipSync } from "node:zlib";

import "./file_reader.js";
import { packedFile, shortened } from "../../bnviz/live/board/packed_file.js";

/** @param {string} text */
const cut = (text) => shortened(new TextEncoder().encode(text));
/** @param {string} data */
const unpacked = (data) => gunzipSync(Buffer.from(data, "base64")).toString();

test("numbers longer than a network knows are cut to nine digits, others stay", () => {
  assert.equal(cut("-0.00123456789012,12.345678901234e-05,0.5,7,a.b"), "-0.00123456789,12.3456789e-05,0.5,7,a.b");
  assert.equal(cut("0.0000000000"), "0.0");
});

test("bytes that are no text stay as they are", () => {
  const bytes = Uint8Array.from([0x50, 0x4b, 0xff]);
  assert.equal(shortened(bytes), bytes);
});

test("a file arrives whole, and of one that is too large its beginning, with its size", async () => {
  const file = new File(["x,label\n1,a\n"], "small.csv");
  const { data, ...words } = await packedFile(file, 100);
  assert.deepEqual(words, { name: "small.csv", size: 12, whole: true });
  assert.equal(unpacked(data), "x,label\n1,a\n");
  const large = await packedFile(file, 5);
  assert.deepEqual([large.whole, large.size, unpacked(large.data)], [false, 12, "x,label\n1,a\n"]);
});
