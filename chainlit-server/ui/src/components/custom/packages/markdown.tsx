// Markdown, under the name that Chainlit's elements import it by.
import { Markdown as Own } from "../../markdown/Markdown";

export function Markdown({ children }: { children?: unknown }) {
  return <Own text={typeof children === "string" ? children : ""} growing={false} />;
}
