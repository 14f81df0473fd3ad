// What elements import below `@/components/ui/`: the names and properties are those of Chainlit's elements.
import * as accordion from "./accordion";
import * as dialog from "./dialog";
import { dropdownMenu, hoverCard, popover, tooltip } from "./popover";
import * as select from "./select";
import * as simple from "./simple";
import * as tabs from "./tabs";
import * as toggles from "./toggles";

const sheet = {
  Sheet: dialog.Dialog,
  SheetTrigger: dialog.DialogTrigger,
  SheetClose: dialog.DialogClose,
  SheetContent: dialog.SheetContent,
  SheetHeader: dialog.DialogHeader,
  SheetTitle: dialog.DialogTitle,
  SheetDescription: dialog.DialogDescription,
  SheetFooter: dialog.DialogFooter,
};

export const components = {
  accordion,
  alert: simple,
  "aspect-ratio": simple,
  avatar: simple,
  badge: simple,
  button: simple,
  card: simple,
  checkbox: toggles,
  dialog,
  "dropdown-menu": dropdownMenu,
  "hover-card": hoverCard,
  input: simple,
  label: simple,
  pagination: simple,
  popover,
  progress: simple,
  "scroll-area": simple,
  select,
  separator: simple,
  sheet,
  skeleton: simple,
  switch: toggles,
  table: simple,
  tabs,
  textarea: simple,
  tooltip,
};
