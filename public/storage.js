// What the browser remembers of this page, where it is allowed to.

/** Storage throws where cookies are blocked. @param {(storage: Storage) => string | null | void} use */
function withStorage(use) {
  try {
    return use(localStorage) ?? null;
  } catch (error) {
    console.info("This browser remembers nothing of this page.", error);
    return null;
  }
}

/** @param {string} key */
export function recall(key) {
  return withStorage((storage) => storage.getItem(key));
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  withStorage((storage) => storage.setItem(key, value));
}
