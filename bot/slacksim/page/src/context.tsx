import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import type { Channel, Shortcut, User } from "./api";
import type { Viewer } from "./dates";

/** What everything that is drawn may need to know. */
export type Surroundings = {
  me: User;
  users: Map<string, User>;
  channels: Map<string, Channel>;
  timeZone: string;
  now: () => number;
  /** Changes whenever the server's state does. */
  version: number;
  openChannel: (id: string) => void;
  /** Shows the thread that begins with this message; undefined closes it. */
  openThread: (ts: string | undefined) => void;
  shortcuts: Shortcut[];
};

const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

export function SurroundingsProvider({ value, children }: { value: Surroundings; children: ReactNode }) {
  return <SurroundingsContext value={value}>{children}</SurroundingsContext>;
}

export function useSurroundings(): Surroundings {
  const value = useContext(SurroundingsContext);
  if (!value) throw new Error("drawn outside of its surroundings");
  return value;
}

/** The person's language and zone, and the clock; redrawn by the minute. */
export function useViewer(): Viewer {
  const { me, timeZone, now } = useSurroundings();
  useTick(60_000);
  return { locale: usableLocale(me.locale), timeZone, now: now() };
}

export function usableLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replace("_", "-"))[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}

/** The zone of the person's profile, as Slack shows times; UTC where the browser does not know it. */
export function usableTimeZone(tz: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: tz || "UTC" }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

/** Redraws the component again and again, every so many milliseconds. */
export function useTick(interval: number) {
  const [, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((count) => count + 1), interval);
    return () => clearInterval(timer);
  }, [interval]);
}
