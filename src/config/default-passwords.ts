// Warnings about passwords that are still the shipped default.
import type { Config } from "./config.ts";

export function defaultPasswordWarnings(config: Config): string[] {
  const open = config.mounts.filter((mount) => mount.sourcePassword.isDefault);
  if (open.length === 0) return [];
  const paths = open.map((mount) => mount.path).join(", ");
  return [
    `${paths} still ${open.length === 1 ? "uses" : "use"} the default password "hackme", so only this ` +
      "machine can go live. Set server.source_password.",
  ];
}

export function defaultAdminWarnings({ server }: Config): string[] {
  if (server.admin?.password.isDefault !== true) return [];
  return [
    'The admin password is still the default "hackme", so admins can only sign in from this ' +
      "machine. Set server.admin_password.",
  ];
}
