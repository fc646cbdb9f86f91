/** A row of a database; numbers may come as text. */
export type Row = Readonly<Record<string, unknown>>;
