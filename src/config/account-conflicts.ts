// Conflicts of accounts with the rest of the configuration: names that others have, mounts that do not exist.
import { accountKeys, SOURCE_USER } from "./account-keys.ts";
import type { PlaceValues } from "./build-config.ts";
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import { blocks } from "./schema.ts";
import type { LabelledSettings, Matched } from "./settings.ts";

const MAX_NAME_LENGTH = 64;
const NAME = /^[^:\s\p{Cc}\p{Cs}]+$/u;

export function findAccountConflicts(matched: Matched, top: PlaceValues): ConfigFinding[] {
  const { admin_user, mount_point } = blocks.server;
  const adminUser = top.values.get(admin_user) ?? admin_user.default;
  const first = top.values.get(mount_point) ?? mount_point.default;
  const paths = new Set([first, ...matched.mounts.map(({ path }) => path)]);
  return matched.top.labelled.flatMap((block, index) => {
    if (block.name !== "account") return [];
    const mounts = top.labelled[index]?.values.get(accountKeys.mounts) ?? [];
    return [...findNameConflict(block, adminUser), ...findUnknownMounts(block, mounts, paths)];
  });
}

function findNameConflict({ label }: LabelledSettings, adminUser: string): ConfigFinding[] {
  const name = label.text;
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) {
    const expected = `1 to ${MAX_NAME_LENGTH} characters without a colon or a space`;
    return [finding(label, "this cannot be a user name", expected)];
  }
  const owner = { [SOURCE_USER]: "sources", [adminUser]: "server.admin_user" }[name];
  if (owner === undefined) return [];
  return [finding(label, `"${name}" is the user name of ${owner} already`, "another name")];
}

function findUnknownMounts(
  { settings }: LabelledSettings,
  mounts: readonly string[],
  paths: ReadonlySet<string>,
): ConfigFinding[] {
  const value = settings.get(accountKeys.mounts)?.attribute.value;
  const unknown = mounts.filter((path) => !paths.has(path));
  if (value === undefined || unknown.length === 0) return [];
  const message = `there is no mount ${unknown.map((path) => `"${path}"`).join(", ")}`;
  return [finding(value, message, `any of ${[...paths].join(", ")}`)];
}
