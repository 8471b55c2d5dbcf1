// Who may use the station, put together: accounts, bans and the rules. A new rule is a line here.
import { Accounts } from "../access/accounts.ts";
import { Admission } from "../access/admission.ts";
import { BanFile } from "../access/ban-file.ts";
import { banRule } from "../access/ban-rule.ts";
import { Bans } from "../access/ban.ts";
import { bandwidthRule, perAddressRule } from "../access/limit-rules.ts";
import { listenRules } from "../access/listen-rules.ts";
import { CLUSTER_HEADER, Membership } from "../access/membership.ts";
import type { Rule } from "../access/rule.ts";
import { buildGates } from "./build-gates.ts";
import type { Config } from "../config/config.ts";
import type { Disks } from "../disk/disks.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import type { Mounts } from "./mounts.ts";

export interface AccessContext {
  /** In force now. */
  readonly config: () => Config;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly log: Log;
  readonly disks: Disks;
  readonly mounts: () => Mounts;
  /** The one in use. */
  readonly sourcePort: () => number;
}

export interface AccessParts {
  readonly admission: Admission;
  readonly bans: Bans;
  readonly membership: Membership;
  /** null: bans do not outlast a restart. */
  readonly banFile: BanFile | null;
}

export function buildAccess(context: AccessContext): AccessParts {
  const { config, clock, wall, log } = context;
  const admission = new Admission(clock, log, undefined, new Accounts(config));
  const bans = new Bans(wall);
  const banFile = banFileOf(context);
  if (banFile !== null) bans.onChange = () => banFile.save(() => bans.list());
  admission.rules = [banRule(bans), ...rulesOf(context)];
  const gates = buildGates(context);
  admission.gate = gates.listeners;
  admission.sourceGate = gates.sources;
  const membership = new Membership(() => config().cluster.secret, wall);
  admission.isMember = ({ caller, path }) =>
    membership.isProven(caller.headers.get(CLUSTER_HEADER), path);
  return { admission, bans, banFile, membership };
}

/** In the order in which a refusal helps most: what stays so comes first. */
function rulesOf({ config, mounts }: AccessContext): Rule[] {
  const find = (path: string) => mounts().find(path);
  return [
    listenRules((path) => find(path)?.mount.config.rules),
    perAddressRule((path, address) => ({
      limit: find(path)?.mount.config.rules.listenersPerAddress ?? 0,
      count: find(path)?.audience.counts.at(address) ?? 0,
    })),
    perAddressRule((_, address) => ({
      limit: config().limits.connectionsPerAddress,
      count: sum(mounts().audiences, ({ counts }) => counts.at(address)),
    })),
    bandwidthRule((path) => ({
      limit: config().limits.maxBandwidth * KBIT_PER_MBIT,
      used: sum(mounts().audiences, ({ count, mount }) => count * bitrateOf(mount)),
      more: bitrateOf(find(path)?.mount),
    })),
  ];
}

const KBIT_PER_MBIT = 1000;

function bitrateOf(mount: Mount | undefined): number {
  return mount?.onAir?.bitrate ?? 0;
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function banFileOf({ config, disks, log }: AccessContext): BanFile | null {
  const { stateDirectory } = config().server;
  if (stateDirectory === "") return null;
  const disk = disks.apart(stateDirectory, `the state directory ${stateDirectory}`, log);
  return new BanFile(stateDirectory, disk, log);
}
