// What a reader has done, kept in this browser alone: told to a new session of the server once, written when it changes.

import { storage as ours } from "./storage.js";

/** @typedef {{ session: string, kept: Record<string, unknown> | null }} KeepData   null: this session knows of nothing yet */
/** @typedef {(name: "found", value: unknown) => void} KeepTrigger */

const PLACE = "bnviz.kept";
/** Sessions that were told what lies here. @type {Set<string>} */
const told = new Set();

/**
 * Components v2 calls this at the mount, and whenever the page ran again with other data.
 * @param {{ data: KeepData, setTriggerValue: KeepTrigger }} component
 * @param {Pick<Storage, "getItem" | "setItem">} [storage]
 */
export default function keep({ data, setTriggerValue }, storage = ours()) {
  const found = told.has(data.session) ? null : read(storage);
  told.add(data.session);
  if (found) setTriggerValue("found", found);
  else if (data.kept) write(storage, data.kept);
  return () => {};
}

/** @param {Pick<Storage, "getItem">} storage */
function read(storage) {
  try {
    return JSON.parse(storage.getItem(PLACE) ?? "null");
  } catch {
    return null;
  }
}

/**
 * A browser may keep nothing (a full disk, a private window): then nothing is kept.
 * @param {Pick<Storage, "setItem">} storage
 * @param {Record<string, unknown>} kept
 */
function write(storage, kept) {
  try {
    storage.setItem(PLACE, JSON.stringify(kept));
  } catch {
    // nothing to be done, and nothing that a reader would want to know
  }
}
