// Facts that count since the start, for those who watch a station over weeks. None of them ever decreases unless it
// says so.
import type { HistogramFacts } from "../lib/histogram.ts";
import type { InputKind, RelayState } from "../mount/roles.ts";

/** What a mount has done. */
export interface MountCounters {
  /** Audio on the air, without the silence between inputs. */
  readonly audioSeconds: number;
  /** From its sources, and the part of it that was no audio. */
  readonly receivedBytes: number;
  readonly garbageBytes: number;
  /** Time that listeners were here, summed over all of them. */
  readonly listenerSeconds: number;
  /** Audio that sampled listeners had not been sent yet, in seconds. */
  readonly listenerLag: HistogramFacts;
  /** Listeners that were skipped ahead because they did not read. */
  readonly skipped: number;
  /** Listeners that the station ended, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** What the process has done, and what it uses now. */
export interface ProcessFacts {
  readonly cpuSeconds: number;
  /** Now. */
  readonly residentBytes: number;
  readonly openDescriptors: number;
  readonly maxDescriptors: number;
}

export interface StationCounters {
  /** Failed logins by account. */
  readonly failedLogins: Readonly<Record<string, number>>;
  /** Clients refused by rules, by the name of the rule; those that refused nobody may be missing. */
  readonly refused: Readonly<Record<string, number>>;
  /** Lines of the log by level. */
  readonly logLines: Readonly<Record<string, number>>;
  /** How late turns of the event loop began, and how long they took, in seconds. */
  readonly eventLoopLag: HistogramFacts;
  readonly turns: HistogramFacts;
  readonly process: ProcessFacts;
}

/** One input of a mount. */
export interface InputFacts {
  readonly kind: InputKind;
  readonly isOnAir: boolean;
  /** Its pull, if it pulls its audio. */
  readonly relay?: RelayState;
}

/** An input whose audio has been silent for `silence_timeout`. */
export interface SilentFacts {
  /** With the address of its client, for the admin only. */
  readonly name: string;
  /** Nothing else is there to play. */
  readonly isOnAir: boolean;
}
