// What a reader has done, kept in this browser alone: told to a new session of the server until it has taken it, written
// when it changes.

import { storage as ours } from "./storage.js";

/**
 * `kept` is null where this session knows of nothing yet; `taken` says whether it has what was found here.
 * @typedef {{ session: string, kept: Record<string, unknown> | null, taken: boolean }} KeepData
 */
/** @typedef {(name: "found", value: unknown) => void} KeepTrigger */

const PLACE = "bnviz.kept";
/** What each session found here. @type {Map<string, unknown>} */
const findings = new Map();

/**
 * Components v2 calls this at the mount, and whenever the page ran again with other data. What a session wants to be kept
 * before it has taken what it found lacks that.
 * @param {{ data: KeepData, setTriggerValue: KeepTrigger }} component
 * @param {Pick<Storage, "getItem" | "setItem">} [storage]
 */
export default function keep({ data, setTriggerValue }, storage = ours()) {
  const { session, kept, taken } = data;
  if (!findings.has(session)) findings.set(session, read(storage));
  const found = findings.get(session);
  if (found && !taken) setTriggerValue("found", found);
  else if (kept) write(storage, kept);
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
