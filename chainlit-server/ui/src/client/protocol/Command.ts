/** A command that the composer offers. Chosen, its id goes with the message. */
export type Command = {
  id: string;
  description: string;
  /** A lucide icon's name. */
  icon: string | null;
  /** It has a button of its own beside the field. */
  button: boolean;
  /** It stays chosen after a message was sent. */
  persistent: boolean;
  /** It is chosen from the start. */
  selected: boolean;
};
