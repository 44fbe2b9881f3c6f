import type { LocalizedText } from "@assay/schema";
import type { Feed } from "./session.ts";

export type Feeds = Readonly<Record<string, Feed>>;

/** Makes what a graph takes of one value of the column: a text, or the path of an image or a sound. */
export interface ItemEncoder {
  /** @throws AssayError data-invalid, not-found for a value that cannot be given, without its row */
  encode(value: string): Promise<Feeds>;
  /** Inputs of a plain row, to try the graph with before data are read. */
  probe(): Promise<Feeds>;
  /** The row that the profile speaks of: its shapes, and what it is in words. */
  profiled(): Promise<{ readonly shapes: ReadonlyMap<string, readonly number[]>; readonly per: LocalizedText }>;
  /** What a reader of the report must know of the values given so far. */
  notes(): readonly LocalizedText[];
}

/** The shapes of feeds. */
export function shapesOf(feeds: Feeds): ReadonlyMap<string, readonly number[]> {
  return new Map(Object.entries(feeds).map(([name, feed]) => [name, feed.dims]));
}
