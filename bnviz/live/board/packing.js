// Numbers that came as a text, as bytes do in the data of a component.

/** @param {string} text */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @param {string} text */
export function shortsOf(text) {
  return new Uint16Array(bytesOf(text).buffer);
}
