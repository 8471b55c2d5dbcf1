// The chosen mount in the page's address, behind "#", where reloads, links and the browser's history keep it.

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** "/jazz" for /admin#/jazz; "" if the address names none. Older links have ?mount= instead. */
export function addressedMount() {
  const { hash, search } = location;
  if (hash.startsWith("#/")) return decoded(hash.slice(1));
  return new URLSearchParams(search).get("mount") ?? "";
}

/** @param {string} mount "" for none @param {boolean} isStep the browser's back button leads to the mount before */
export function keepMount(mount, isStep) {
  const address = new URL(location.href);
  address.searchParams.delete("mount");
  address.hash = encodeURI(mount);
  if (address.href === location.href) return;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(history.state, "", address);
}

/** @param {() => void} action another mount is in the address: by the browser's back and forward, or by hand */
export function onAddress(action) {
  addEventListener("hashchange", action);
}
