export type Cell = string | number | boolean | null;

/** A table as pandas and polars write it: names of columns, names of rows, and the cells row by row. */
export type Table = { columns: string[]; index: Cell[]; rows: Cell[][] };

const cell = (value: unknown): Cell =>
  value === null || value === undefined
    ? null
    : typeof value === "number" || typeof value === "boolean" || typeof value === "string"
      ? value
      : JSON.stringify(value);

/** The table in a JSON text. Throws when it is none. */
export function readTable(text: string): Table {
  const data: unknown = JSON.parse(text);
  if (typeof data !== "object" || data === null) throw new Error("this is no table");
  const { columns, index, data: rows } = data as Record<string, unknown>;
  if (!Array.isArray(columns) || !Array.isArray(rows)) throw new Error("this is no table");
  return {
    // A name of several levels is a list.
    columns: columns.map((name) => (Array.isArray(name) ? name.map(String).join(" / ") : String(name))),
    index: Array.isArray(index) ? index.map(cell) : [],
    rows: rows.filter(Array.isArray).map((row: unknown[]) => row.map(cell)),
  };
}

export type Order = { column: number; descending: boolean } | null;

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** Numbers of the rows in the wanted order. Cells without a value come last either way. */
export function ordered({ rows, index }: Table, order: Order): number[] {
  const numbers = rows.map((_, at) => at);
  if (order === null) return numbers;
  const { column, descending } = order;
  const value = (row: number): Cell => (column < 0 ? index[row] : rows[row]?.[column]) ?? null;
  return numbers.sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return descending ? compare(right, left) : compare(left, right);
  });
}
