import { useLayoutEffect, useRef, type RefObject } from "react";

const focusable = "button, input, select, textarea, a[href]";

/** Where what has the focus is taken away by a redraw, what is there in its place gets it: never the start of the page. */
export function useKeptFocus(box: RefObject<HTMLElement | null>, content: unknown) {
  const held = useRef<number>(undefined);
  const items = () => [...(box.current?.querySelectorAll<HTMLElement>(focusable) ?? [])];
  useLayoutEffect(() => {
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (held.current === undefined || !lost) return;
    const now = items();
    const next = now[Math.min(held.current, now.length - 1)] ?? box.current;
    next?.focus({ preventScroll: true });
  }, [content]);
  return {
    onFocus: () => { const at = items().indexOf(document.activeElement as HTMLElement); held.current = at < 0 ? undefined : at; },
    onBlur: (event: { currentTarget: Element; relatedTarget: EventTarget | null }) => {
      // React tells of no blur that its own redraw causes: this is the person going elsewhere, or leaving the window.
      const inside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
      if (!inside && document.hasFocus()) held.current = undefined;
    },
  };
}
