// Pure: detects drift of an encoder's clock from the amount of audio received over time.

export interface Drift {
  /** 0.004: it sends 1004 s of audio in 1000 s of our clock; 0 without a steady drift. */
  readonly ratio: number;
  /** Length of the observation in seconds. */
  readonly seconds: number;
}

export interface Progress {
  readonly atMs: number;
  /** Seconds of audio received by then. */
  readonly audioSeconds: number;
}

/** In a shorter period, buffering in networks and encoders looks like drift. */
const MIN_SECONDS = 300;
const MIN_POINTS = 20;

/** A slope counts if it is this many times its own uncertainty. */
const CERTAIN = 3;

interface Line {
  /** Surplus seconds of audio per second. */
  readonly slope: number;
  readonly error: number;
}

/** Least-squares fit of the audio's lead over the clock, with its uncertainty. */
function fit(points: readonly Progress[]): Line {
  const count = points.length;
  const zeroMs = points[0]?.atMs ?? 0;
  const times = points.map(({ atMs }) => (atMs - zeroMs) / 1000);
  const leads = points.map(({ audioSeconds }, i) => audioSeconds - (times[i] ?? 0));
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / count;
  const [time, lead] = [mean(times), mean(leads)];
  const offsets = times.map((t) => t - time);
  const spread = offsets.reduce((sum, offset) => sum + offset ** 2, 0);
  const slope = offsets.reduce((sum, offset, i) => sum + offset * (leads[i] ?? 0), 0) / spread;
  const rest = offsets.reduce(
    (sum, offset, i) => sum + ((leads[i] ?? 0) - lead - slope * offset) ** 2,
    0,
  );
  return { slope, error: Math.sqrt(rest / (count - 2) / spread) };
}

function isCertain({ slope, error }: Line): boolean {
  return Math.abs(slope) > CERTAIN * error;
}

/** null until there is enough data. Drift shows equally in both halves; a lost connection or a burst does not. */
export function clockDrift(points: readonly Progress[]): Drift | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < MIN_POINTS) return null;
  const seconds = (last.atMs - first.atMs) / 1000;
  if (seconds < MIN_SECONDS) return null;
  const middle = points.length >> 1;
  const halves = [fit(points.slice(0, middle)), fit(points.slice(middle))] as const;
  const isSteady = halves.every(isCertain) && halves[0].slope * halves[1].slope > 0;
  return { ratio: isSteady ? fit(points).slope : 0, seconds };
}
