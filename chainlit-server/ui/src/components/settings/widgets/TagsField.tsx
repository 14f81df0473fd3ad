import { type KeyboardEvent, useRef, useState } from "react";
import { useApp } from "../../app/context";
import { CloseIcon } from "../../icons/icons";
import type { FieldProps } from "../Field";

/** Short texts, each ended by Enter or a comma. */
export function TagsField({ widget, value, onChange, describedBy }: FieldProps) {
  const { t } = useApp();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const tags = Array.isArray(value) ? (value as string[]) : [];

  const add = (typed: string) => {
    const added = typed.split(",").map((one) => one.trim()).filter((one) => one !== "");
    if (added.length > 0) onChange([...new Set([...tags, ...added])]);
    setText("");
  };
  const remove = (tag: string) => {
    onChange(tags.filter((one) => one !== tag));
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = tags[tags.length - 1];
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && text.trim() !== "") {
      // The form is not meant.
      event.preventDefault();
      add(text);
    } else if (event.key === "Backspace" && text === "" && last !== undefined) remove(last);
  };
  return (
    <div className="tags text-field">
      {tags.map((tag) => (
        <span key={tag} className="tag">
          <bdi>{tag}</bdi>
          <button
            type="button"
            aria-label={t("page.settings.removeTag", { name: tag })}
            disabled={widget.disabled}
            onClick={() => remove(tag)}
          >
            <CloseIcon />
          </button>
        </span>
      ))}
      <input
        ref={field}
        id={widget.id}
        type="text"
        autoComplete="off"
        dir="auto"
        value={text}
        disabled={widget.disabled}
        aria-describedby={describedBy}
        onChange={(event) => (event.target.value.includes(",") ? add(event.target.value) : setText(event.target.value))}
        onKeyDown={onKeyDown}
        // What was typed and not ended is meant all the same.
        onBlur={() => add(text)}
      />
    </div>
  );
}
