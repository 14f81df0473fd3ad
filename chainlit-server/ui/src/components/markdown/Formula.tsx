import { lazy, Suspense } from "react";
import { Boundary } from "../elements/Boundary";

const Drawn = lazy(() => import("./FormulaDrawn"));

type Props = { source: string; display: boolean };

/** A formula. What draws it comes on demand; until then, and where it does not come, its source is there to read. */
export function Formula({ source, display }: Props) {
  const plain = <code className="formula-source">{source}</code>;
  return (
    <Boundary name="formula" resetKey={source} onError={() => plain}>
      <Suspense fallback={plain}>
        <Drawn source={source} display={display} />
      </Suspense>
    </Boundary>
  );
}
