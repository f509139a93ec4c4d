import { ChartColumn, Table } from "lucide-react";
import { useId, type ReactElement, type ReactNode } from "react";
import { Button } from "../../ui/Button.tsx";
import { text } from "../messages.ts";
import styles from "./Figure.module.css";

interface FigureProps {
  readonly title: string;
  /** What the plot says, to those who do not see it. */
  readonly summary: string;
  readonly plot: ReactNode;
  /** The first cell of a row names it. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [string, ...(string | number)[]])[];
  readonly isTable: boolean;
  readonly onTurn: (isTable: boolean) => void;
}

/** Numbers as a plot or as a table: the same ones. */
export const Figure = ({ title, summary, plot, columns, rows, isTable, onTurn }: FigureProps): ReactElement => {
  const id = useId();
  return (
    <section className={styles.figure} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <Button
          look="quiet"
          aria-label={`${isTable ? text.asPlot : text.asTable}: ${title}`}
          onClick={() => onTurn(!isTable)}
        >
          {isTable ? <ChartColumn size={15} aria-hidden /> : <Table size={15} aria-hidden />}
          {isTable ? text.asPlot : text.asTable}
        </Button>
      </div>
      {isTable ? (
        <NumberTable title={title} columns={columns} rows={rows} />
      ) : (
        <div role="img" aria-label={summary}>
          {plot}
        </div>
      )}
    </section>
  );
};

const NumberTable = ({ title, columns, rows }: Pick<FigureProps, "title" | "columns" | "rows">): ReactElement => (
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
  <div className={styles.scroll} role="region" aria-label={text.tableOf(title)} tabIndex={0}>
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...values]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, index) => (
              <td key={columns[index + 1]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
