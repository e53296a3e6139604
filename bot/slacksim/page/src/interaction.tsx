import { createContext, useContext, useEffect, useState } from "react";
import type { Chosen, Element, InputValue, InputValues, Option } from "./api";
import { useSurroundings } from "./context";

/** Where the live elements of a message, or of a modal, send what was done with them. */
export type Interaction = {
  press: (blockID: string, element: Element, chosen: Chosen) => Promise<void>;
  suggest: (blockID: string, element: Element, typed: string) => Promise<Option[]>;
  /** Of a modal: what has been entered so far. In a message each element keeps its own. */
  values?: InputValues;
  setValue?: (blockID: string, element: Element, value: InputValue) => void;
};

const InteractionContext = createContext<Interaction | undefined>(undefined);
export const InteractionProvider = InteractionContext;

export function useInteraction(): Interaction {
  const interaction = useContext(InteractionContext);
  if (!interaction) throw new Error("a live element outside of a message or modal");
  return interaction;
}

const longestWait = 10_000;

/** A spinner from the press until the state changes, the press fails, or nothing has happened for long. */
export function usePending(): [pending: boolean, begin: (work: Promise<void>) => void] {
  const { version } = useSurroundings();
  const [since, setSince] = useState<number>();
  const pending = since === version;
  useEffect(() => {
    if (!pending) return;
    const timer = setTimeout(() => setSince(undefined), longestWait);
    return () => clearTimeout(timer);
  }, [pending]);
  const begin = (work: Promise<void>) => {
    setSince(version);
    work.catch(() => setSince(undefined));
  };
  return [pending, begin];
}
