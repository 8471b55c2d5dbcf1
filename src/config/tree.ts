// The shape of a configuration: blocks of keys and repeatable labelled blocks, and the types of their values.
import type { Key, Scope } from "./key.ts";

/** The keys of one block by name, without aliases. */
export type KeyTable = Readonly<Record<string, Key<unknown>>>;
export type BlockTable = Readonly<Record<string, KeyTable>>;

export interface LabelledBlock {
  /** What the label is, as a noun phrase: "a name". */
  readonly label: string;
  /** The most that one scope may have. */
  readonly max: number;
  /** "station": valid at the top only. Defaults to "mount". */
  readonly scope?: Scope;
  readonly keys: KeyTable;
}
export type LabelledTable = Readonly<Record<string, LabelledBlock>>;

/** The block that adds a mount. */
export const MOUNT = "mount";

/** `snake_case` in the file is `camelCase` in the program. */
export type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** The same of a name. */
export function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

type Value<K> = K extends Key<infer T> ? T : never;

/** The values of the keys of one scope. */
type Scoped<Keys, S> = {
  readonly [
    Name in keyof Keys & string as Keys[Name] extends Key<unknown, infer Its>
      ? Its extends S
        ? Camel<Name>
        : never
      : never
  ]: Value<Keys[Name]>;
};

/** The names of blocks with mount keys only: these blocks are valid in a mount block too. */
type MountBlockNames<Blocks> = {
  [Name in keyof Blocks]: Blocks[Name][keyof Blocks[Name]] extends Key<unknown, "mount">
    ? Name
    : never;
}[keyof Blocks];

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** Mount keys of a mixed block go directly into a mount block. */
type Direct<Blocks> = Intersection<
  {
    [Name in Exclude<keyof Blocks, MountBlockNames<Blocks>>]: Scoped<Blocks[Name], "mount">;
  }[Exclude<keyof Blocks, MountBlockNames<Blocks>>]
>;

/** The scope of a labelled block. */
type Belongs<Block> = Block extends { readonly scope: infer Its } ? Its : "mount";

/** Each labelled block of the scope in file order, with its label. */
type Repeated<Labelled, S extends Scope> = {
  readonly [
    Name in keyof Labelled & string as Belongs<Labelled[Name]> extends S ? Camel<Name> : never
  ]: Labelled[Name] extends { readonly keys: infer Keys }
    ? readonly (Scoped<Keys, Scope> & { readonly label: string })[]
    : never;
};

/** The values of the station's blocks. */
export type StationValues<Blocks, Labelled> = {
  readonly [Name in Exclude<keyof Blocks, MountBlockNames<Blocks>>]: Scoped<
    Blocks[Name],
    "station"
  >;
} & Repeated<Labelled, "station">;

/** The values of one mount. */
export type MountValues<Blocks, Labelled> = Direct<Blocks> & {
  readonly [Name in MountBlockNames<Blocks>]: Scoped<Blocks[Name], "mount">;
} & Repeated<Labelled, "mount">;

/** The tables as the file reader uses them. */
export class Schema<
  Blocks extends BlockTable = BlockTable,
  Labelled extends LabelledTable = LabelledTable,
> {
  readonly blockNames: readonly string[];
  readonly labelledNames: readonly string[];
  /** Those valid at the top only. */
  readonly stationLabelled: readonly string[];
  /** Those of one mount: valid in its block, and at the top for the first mount. */
  readonly mountLabelled: readonly string[];
  /** The blocks valid in a mount block: those with mount keys only. */
  readonly mountBlocks: readonly string[];
  /** The keys valid directly in a mount block. */
  readonly mountKeys: KeyTable;

  constructor(
    readonly blocks: Blocks,
    readonly labelled: Labelled,
  ) {
    this.blockNames = Object.keys(blocks);
    this.labelledNames = Object.keys(labelled);
    const isOfStation = (name: string) => this.labelledOf(name)?.scope === "station";
    this.stationLabelled = this.labelledNames.filter(isOfStation);
    this.mountLabelled = this.labelledNames.filter((name) => !isOfStation(name));
    const isOfMounts = (key: Key<unknown>) => key.scope === "mount";
    this.mountBlocks = this.blockNames.filter((name) =>
      Object.values(this.keysOf(name)).every(isOfMounts),
    );
    const mixed = this.blockNames.filter((name) => !this.mountBlocks.includes(name));
    const direct = mixed.flatMap((name) => Object.entries(this.keysOf(name)));
    this.mountKeys = Object.fromEntries(direct.filter(([, key]) => isOfMounts(key)));
  }

  /** The keys that a mount has for itself, which stand in its block and, of the first mount, outside of all blocks too. */
  get ownKeys(): KeyTable {
    return Object.fromEntries(Object.entries(this.mountKeys).filter(([, key]) => key.isOwn));
  }

  /** The keys of a block, labelled or not; none if the block does not exist. */
  keysOf(name: string): KeyTable {
    if (Object.hasOwn(this.blocks, name)) return this.blocks[name] ?? {};
    return this.labelledOf(name)?.keys ?? {};
  }

  labelledOf(name: string): LabelledBlock | undefined {
    return Object.hasOwn(this.labelled, name) ? this.labelled[name] : undefined;
  }

  /** Every valid block and key name, deprecated names included. */
  get keys(): readonly (readonly [string, Key<unknown>])[] {
    const names = [...this.blockNames, ...this.labelledNames];
    return names.flatMap((name) => Object.entries(this.keysOf(name)));
  }
}
