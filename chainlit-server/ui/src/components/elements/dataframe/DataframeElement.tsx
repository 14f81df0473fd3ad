import { useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { ChevronIcon } from "../../icons/icons";
import type { ShownProps } from "../Element";
import { Failed, Loading } from "../Failed";
import { useContent } from "../useContent";
import { type Cell, type Order, ordered, readTable, type Table } from "./table";
import "./dataframe.css";

/** So many rows at a time. */
const pageSize = 10;

/** A table of data, sorted by a click on a column's head. */
export default function DataframeElement({ url, name }: ShownProps) {
  const content = useContent(url);
  const text = content.phase === "done" ? content.text : null;
  const table = useMemo(() => (text === null ? null : readTable(text)), [text]);
  if (content.phase === "loading") return <Loading />;
  if (table === null) {
    return <Failed name={name} url={url} text={content.phase === "too large" ? "page.elements.tooLarge" : "page.elements.failed"} />;
  }
  return <Pages table={table} name={name} />;
}

const kindOf = (value: Cell) => (typeof value === "number" ? "number" : String(value).length <= 32 ? "short" : undefined);

function Pages({ table, name }: { table: Table; name: string }) {
  const { t } = useApp();
  const [order, setOrder] = useState<Order>(null);
  const [page, setPage] = useState(0);
  const rows = useMemo(() => ordered(table, order), [table, order]);
  const count = rows.length;
  const last = Math.max(0, Math.ceil(count / pageSize) - 1);
  const from = Math.min(page, last) * pageSize;
  const shown = rows.slice(from, from + pageSize);

  const sortBy = (column: number) => {
    setPage(0);
    setOrder((now) => {
      if (now?.column !== column) return { column, descending: false };
      return now.descending ? null : { column, descending: true };
    });
  };
  const head = (column: number, title: string) => (
    <th
      key={column}
      scope="col"
      aria-sort={order?.column === column ? (order.descending ? "descending" : "ascending") : "none"}
    >
      <button type="button" onClick={() => sortBy(column)}>
        <span dir="auto">{title}</span>
        <ChevronIcon />
      </button>
    </th>
  );

  return (
    <div className="dataframe">
      <div className="media-name" dir="auto">
        {name}
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable */}
      <div className="table-frame" role="group" aria-label={name} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {table.index.length > 0 && head(-1, "#")}
              {table.columns.map((title, column) => head(column, title))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row}>
                {table.index.length > 0 && <th scope="row">{String(table.index[row] ?? "")}</th>}
                {table.columns.map((_, column) => {
                  const value = table.rows[row]?.[column] ?? null;
                  return (
                    <td key={column} className={kindOf(value)} dir="auto">
                      {value === null ? "" : String(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="dataframe-foot">
        <span aria-live="polite">
          {t("page.elements.rows", { from: count === 0 ? 0 : from + 1, to: from + shown.length, count })}
        </span>
        {last > 0 && (
          <>
            <button
              type="button"
              className="icon-button small pdf-previous"
              aria-label={t("page.elements.previous")}
              disabled={from === 0}
              onClick={() => setPage(Math.min(page, last) - 1)}
            >
              <ChevronIcon />
            </button>
            <button
              type="button"
              className="icon-button small"
              aria-label={t("page.elements.next")}
              disabled={from + pageSize >= count}
              onClick={() => setPage(Math.min(page, last) + 1)}
            >
              <ChevronIcon />
            </button>
          </>
        )}
      </div>
    </div>
  );
}
