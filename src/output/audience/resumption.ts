// How listeners go on where their connections broke: what is remembered of each, and the places they are given.
import type { Mount } from "../../mount/mount.ts";
import { type Departure, Departures } from "./departures.ts";
import type { AudienceContext, Listener, ListenerClient, Owner } from "./listener.ts";
import type { ListenerTable } from "./listener-table.ts";
import type { Ticket } from "./ticket.ts";
import { Tickets } from "./tickets.ts";

export class Resumption {
  readonly tickets: Tickets;
  readonly #departures = new Departures();

  constructor(
    mount: Mount,
    private readonly owner: Owner,
    private readonly table: ListenerTable<Listener>,
    context: AudienceContext,
  ) {
    const nextNumber = () => context.nextNumber();
    const departure = (number: number) => this.#end(number);
    const inPast = () => table.counts.inPast;
    const clusterKey = () => context.clusterKey?.() ?? null;
    this.tickets = new Tickets(mount, { nextNumber, departure, inPast, clusterKey });
  }

  /** Takes it from the client, who needs it once. A live place if the client's own has gone meanwhile. */
  takeTicket(client: ListenerClient, burstSeconds: number): Ticket {
    const { ticket } = client;
    client.ticket = undefined;
    const isHeld = ticket !== undefined && this.tickets.isHeld(ticket);
    return isHeld ? ticket : this.tickets.live(burstSeconds);
  }

  /** It is about to leave. */
  left(listener: Listener, cursor: number): void {
    this.#note(listener, cursor - (listener.sink.heldBytes ?? 0));
  }

  /** It got audio of another mount from there on. */
  moved(listener: Listener): void {
    listener.isSkipped = true;
    this.#note(listener, Number.NaN);
  }

  #note({ number, isSkipped }: Listener, position: number): void {
    this.#departures.note(number, { position, isWhole: !isSkipped });
  }

  /** Where a listener stopped. Its connection may be dead without anybody having noticed: then the kernel still has what
   * was not received. */
  #end(number: number): Departure | undefined {
    const listener = this.table.numbered(number);
    if (listener === undefined) return this.#departures.of(number);
    const cursor = this.owner.stateOf(listener)?.cursor ?? Number.NaN;
    const position = cursor - (listener.sink.unreceivedBytes ?? 0);
    this.owner.leave(listener, "it goes on by another connection");
    this.#note(listener, position);
    listener.sink.abort();
    return this.#departures.of(number);
  }
}
