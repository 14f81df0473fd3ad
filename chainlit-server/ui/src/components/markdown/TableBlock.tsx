import type { Tokens } from "marked";
import { useApp } from "../app/context";
import { inline } from "./inline";

/** A table scrolls in a frame of its own; the frame can be reached by keyboard. */
export function TableBlock({ token }: { token: Tokens.Table }) {
  const { t } = useApp();
  const style = (at: number) => {
    const align = token.align[at];
    return align ? { textAlign: align } : undefined;
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable
    <div className="table-frame" role="region" aria-label={t("page.table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, at) => (
              <th key={at} style={style(at)} scope="col">
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} style={style(column)}>
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
