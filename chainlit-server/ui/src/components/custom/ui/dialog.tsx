// Dialog and sheet.
import { createContext, useContext, useEffect, useRef } from "react";
import { useApp } from "../../app/context";
import { CloseIcon } from "../../icons/icons";
import { classes, type Props, styled, Trigger } from "./slot";
import { useHeld } from "./state";

const nothing = () => {};
const Open = createContext({ open: false, setOpen: nothing as (open: boolean) => void });

export function Dialog({ open, defaultOpen, onOpenChange, children }: Props) {
  const [shown, setOpen] = useHeld(open as boolean | undefined, defaultOpen === true, onOpenChange);
  return <Open.Provider value={{ open: shown, setOpen }}>{children}</Open.Provider>;
}

export function DialogTrigger(props: Props) {
  const { setOpen } = useContext(Open);
  return <Trigger own="cui-button" {...props} onClick={() => setOpen(true)} />;
}

export function DialogClose(props: Props) {
  const { setOpen } = useContext(Open);
  return <Trigger own="cui-button" {...props} onClick={() => setOpen(false)} />;
}

export function DialogContent(props: Props) {
  const { open } = useContext(Open);
  return open ? <Shown {...props} own="cui-dialog" /> : null;
}

export function SheetContent({ side, ...props }: Props) {
  const { open } = useContext(Open);
  return open ? <Shown {...props} own={classes("cui-dialog cui-sheet", typeof side === "string" && `cui-sheet-${side}`)} /> : null;
}

function Shown({ own, className, children, ...rest }: Props & { own: string }) {
  const { t } = useApp();
  const { setOpen } = useContext(Open);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      {...rest}
      className={classes(own, className)}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        setOpen(false);
      }}
    >
      {children}
      <button type="button" className="icon-button cui-close" aria-label={t("page.close")} onClick={() => setOpen(false)}>
        <CloseIcon />
      </button>
    </dialog>
  );
}

export const DialogHeader = styled("div", "cui-card-header");
export const DialogTitle = styled("h3", "cui-card-title");
export const DialogDescription = styled("p", "cui-muted");
export const DialogFooter = styled("div", "cui-card-footer cui-end");
