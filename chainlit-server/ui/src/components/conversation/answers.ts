import { type ConversationState, type Detail, isMessage, isUserMessage, selectRows } from "../../client/state";

/** More at once nobody listens to; they are all in the conversation. */
const most = 5;

/** A screen reader can go to the message for the rest. */
const longest = 400;

export type Answer = { id: string; name: string; text: string };

/** The newest finished messages of the application since the reader's last one. What tools gave is none. */
export function finishedAnswers(state: ConversationState, detail: Detail): Answer[] {
  const answers: Answer[] = [];
  const rows = selectRows(state, detail);
  for (let at = rows.length - 1; at >= 0 && answers.length < most; at -= 1) {
    const step = state.steps.get(rows[at] ?? "");
    if (step === undefined || !isMessage(step)) continue;
    if (isUserMessage(step)) break;
    const text = step.output ?? "";
    if (text === "" || state.streaming.has(step.id)) continue;
    answers.push({ id: step.id, name: step.name ?? "", text: text.slice(0, longest) });
  }
  return answers.reverse();
}
