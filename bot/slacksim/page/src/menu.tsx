import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";

export type Entry = { key: string; label: ReactNode; onChoose: () => void };
type Properties = { label: string; className: string; entries: Entry[]; children: ReactNode; busy?: boolean; actionID?: string; upward?: boolean };

/** A button with a menu: arrow keys, Home and End move in it, Escape closes it, and the focus comes back to the button. */
export function MenuButton({ label, className, entries, children, busy, actionID, upward }: Properties) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const above = useRoomAbove(box, open) || upward;
  useEffect(() => {
    if (open) box.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open && event.key === "ArrowDown") setOpen(true);
    else if (open && event.key === "Escape") close();
    else if (open) moveFocus(event, [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]);
    else return;
    if (event.key !== "Tab" && event.key !== "Enter" && event.key !== " ") {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <span className="menu" ref={box} onKeyDown={onKeyDown} onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false); }}>
      <button
        type="button" ref={button} className={className} aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open}
        aria-controls={open ? id : undefined} aria-busy={busy} data-action={actionID} onClick={() => !busy && setOpen(!open)}
      >
        {busy ? <span className="spinner" /> : children}
      </button>
      {open && (
        <span className="menu-list" id={id} role="menu" aria-label={label} data-upward={above || undefined}>
          {entries.map((entry) => (
            <button type="button" role="menuitem" tabIndex={-1} key={entry.key} data-value={entry.key} onClick={() => { close(); entry.onChoose(); }}>{entry.label}</button>
          ))}
        </span>
      )}
    </span>
  );
}

/** Says that an open menu has to go upward: below its button it would be cut off. */
function useRoomAbove(box: RefObject<HTMLElement | null>, open: boolean): boolean {
  const [above, setAbove] = useState(false);
  useLayoutEffect(() => {
    if (!open) return setAbove(false);
    const floor = box.current!.closest(".messages-scroll, .app-home")?.getBoundingClientRect().bottom ?? innerHeight;
    setAbove(box.current!.querySelector('[role="menu"]')!.getBoundingClientRect().bottom > floor);
  }, [open]);
  return above;
}

function moveFocus(event: KeyboardEvent, items: HTMLElement[]) {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const next = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
  if (next !== undefined) items[next]?.focus();
}
