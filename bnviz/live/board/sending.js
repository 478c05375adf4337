// A file's bytes as a message carries them: compressed, and in letters.

/** So many compressed bytes, which become a third more letters, have room in a message of 4 MB. */
export const MOST_SENT = 2_800_000;

/** @param {BlobPart} part */
export function squeezed(part) {
  return new Response(new Blob([part]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
export function letters(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^.*?,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
