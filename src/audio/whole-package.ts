// Keeps all exports of a package in a bundle: Bun drops a decoder's unused worker class but not the statement that names
// it, and the executable then fails with a ReferenceError.

/** `names`: the package's namespace, `import * as`. */
export function withAllOf<T extends object>(names: T): T {
  return Object.assign({}, names);
}
