/** SQL that brings the database at `url` to the schema; empty where it is there. */
export function drift(url: string): Promise<string>;
