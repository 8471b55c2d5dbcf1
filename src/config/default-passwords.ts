// Warnings about passwords that are still the one every copy of the program is shipped with.
import type { Config } from "./config.ts";

export function defaultPasswordWarnings(config: Config): string[] {
  const open = config.mounts.filter((mount) => mount.sourcePassword.isDefault);
  if (open.length === 0) return [];
  const paths = open.map((mount) => mount.path).join(", ");
  return [
    `The source password of ${paths} is the default everybody knows: sources are accepted from this ` +
      "machine only until server.source_password is changed.",
  ];
}

export function defaultAdminWarnings({ server }: Config): string[] {
  if (server.admin?.password.isDefault !== true) return [];
  return [
    "The admin password is the default everybody knows: admins are accepted from this machine only " +
      "until server.admin_password is changed.",
  ];
}
