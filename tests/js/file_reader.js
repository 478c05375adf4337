// Node has no reader of files: enough of one for letters. Importing this gives it one.

class Reader {
  result = "";
  onload = () => {};
  /** @param {Blob} blob */
  readAsDataURL(blob) {
    blob.arrayBuffer().then((buffer) => {
      this.result = `data:;base64,${Buffer.from(buffer).toString("base64")}`;
      this.onload();
    });
  }
}
Object.assign(globalThis, { FileReader: Reader });
