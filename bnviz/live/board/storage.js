// What this browser keeps for the page. In a frame of another site it may refuse even to be asked: then the page keeps
// it, as long as it is open.

/** @type {Map<string, string>} */
const own = new Map();

/** @type {Pick<Storage, "getItem" | "setItem" | "removeItem">} */
const forgetful = {
  getItem: (name) => own.get(name) ?? null,
  setItem: (name, text) => void own.set(name, text),
  removeItem: (name) => void own.delete(name),
};

export function storage(page = window) {
  try {
    return page.localStorage;
  } catch {
    return forgetful;
  }
}
