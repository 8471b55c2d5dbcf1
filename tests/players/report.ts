// Pure: what a run has found, one line for each player.

/** One sentence about a player. */
export interface Finding {
  readonly who: string;
  readonly what: string;
  /** null: it holds. */
  readonly fault: string | null;
  readonly figures: string;
}

const MOST_LINES = 12;

/** A line for each player with all that was found of it; its faults follow, each with the lines that show it. */
export function reportLines(found: readonly Finding[]): string[] {
  const byPlayer = Map.groupBy(found, ({ who }) => who);
  return [...byPlayer].flatMap(([who, all]) => {
    const faults = all.flatMap(({ what, fault }) => (fault === null ? [] : [`${what}: ${fault}`]));
    const list = all.map(({ what, figures }) => (figures === "" ? what : `${what} (${figures})`));
    const line = `${faults.length === 0 ? "holds" : "FAILS"} ${who}: ${list.join("; ")}`;
    return [line, ...faults.flatMap(faultLines)];
  });
}

function faultLines(fault: string): string[] {
  const [first = "", ...rest] = fault.split("\n");
  const cut = rest.length > MOST_LINES ? [`and ${rest.length - MOST_LINES} lines more`] : [];
  return [
    `    not so: ${first}`,
    ...[...rest.slice(0, MOST_LINES), ...cut].map((one) => `        ${one}`),
  ];
}
