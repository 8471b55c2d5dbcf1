// The canonical spelling of a mount path, so that names from clients and from the configuration compare equal.

const MAX_PATH_LENGTH = 255;

// Blanks, controls and invisible characters cannot be in a request line; ? and # end a path; some
// clients treat \ as a separator; a remaining % would be decoded a second time elsewhere; : and *
// are patterns to an HTTP router.
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}?#\\%:*]/u;

/** Nearly all paths are in their canonical spelling already. */
const CANONICAL = /^(?:\/[\w-][\w.-]*)+$/;

const OWN_ROUTES = [
  /^\/$/,
  /^\/(api|artwork|assets|branding|desk|embed|public|\.well-known)(\/|$)/,
  /^\/(swagger|admin)/,
  /^\/health\/(live|ready)$/,
  /^\/(health|metrics|oembed|favicon\.ico|robots\.txt|index\.html)$/,
  /^\/(status|status-json|server_version)\.xsl$/,
  /^\/(stats|statistics|7\.html|listen\.pls|admin\.cgi)$/,
  // The page's own files.
  /^\/[^/]+\.(js|css|png|svg|webmanifest)$/,
];

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null; // A broken %XX, or not UTF-8.
  }
}

/** The path for comparison: %XX decoded once, one leading slash, no doubled or trailing slash. Null if it
 * cannot be a mount: empty, over 255 characters, a `.` or `..` segment, a query, a fragment, blanks, controls. */
export function normaliseMount(path: string): string | null {
  if (path.length > MAX_PATH_LENGTH * 3) return null;
  if (path.length <= MAX_PATH_LENGTH && CANONICAL.test(path)) return path;
  if (path.includes("?") || path.includes("#")) return null;
  const decoded = decode(path);
  if (decoded === null || FORBIDDEN.test(decoded)) return null;
  const segments = decoded.split("/").filter((segment) => segment !== "");
  if (segments.some((segment) => segment === "." || segment === "..")) return null;
  const normal = `/${segments.join("/")}`;
  return segments.length === 0 || normal.length > MAX_PATH_LENGTH ? null : normal;
}

/** The mount a SHOUTcast player requests: players append ";" and more to an address, so that a SHOUTcast server
 * sends the stream and not its page. `path` is normalised. "/" is the first mount; null without a ";". */
export function beforeSemicolon(path: string): string | null {
  const end = path.indexOf(";");
  if (end < 0) return null;
  return path.slice(0, end).replace(/\/$/, "") || "/";
}

/** True if the server itself answers at this path, so that no mount may use it. */
export function isReservedMount(path: string): boolean {
  return OWN_ROUTES.some((route) => route.test(path));
}
