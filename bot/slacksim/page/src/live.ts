import { useCallback, useEffect, useRef, useState } from "react";
import { fetchState, fetchWorld, type State, type World } from "./api";

export type Live = {
  state: State | undefined;
  world: World | undefined;
  connected: boolean;
  /** Counts the states that differ from the one before: what waits for a change compares it. */
  version: number;
  /** Milliseconds by the stand-in's clock. */
  now: () => number;
  refresh: () => void;
};

const debounce = 50;
const worldInterval = 2000;
const reconnectAfter = 1000;

/** The server's state, kept fresh by its events; it reconnects by itself. */
export function useLive(): Live {
  const [state, setState] = useState<State>();
  const [world, setWorld] = useState<World>();
  const [connected, setConnected] = useState(true);
  const [version, setVersion] = useState(0);
  const clock = useClockOffset();

  const load = useCallback(async () => {
    const [nextState, nextWorld] = await Promise.all([fetchState(), fetchWorld().catch(() => undefined)]);
    clock.observe((nextWorld ?? nextState).now);
    setState((before) => keepIfEqual(before, nextState, () => setVersion((count) => count + 1)));
    setWorld((before) => keepIfEqual(before, nextWorld));
    setConnected(true);
  }, [clock]);
  const refresh = useOneAtATime(load, () => setConnected(false));

  useEvents(refresh, setConnected);
  useEffect(() => {
    const timer = setInterval(refresh, worldInterval);
    return () => clearInterval(timer);
  }, [refresh]);
  return { state, world, connected, version, now: clock.now, refresh };
}

function keepIfEqual<T>(before: T, after: T, onChange?: () => void): T {
  const withoutNow = (value: T) => JSON.stringify(value, (key, inner: unknown) => (key === "now" ? undefined : inner));
  if (before !== undefined && withoutNow(before) === withoutNow(after)) return before;
  onChange?.();
  return after;
}

function useClockOffset() {
  const offset = useRef(0);
  const [clock] = useState(() => ({
    now: () => Date.now() + offset.current,
    // Small differences are the way through the network: following them would make the seconds jump.
    observe(serverNow: number) {
      const measured = serverNow - Date.now();
      if (Math.abs(measured - offset.current) > 400) offset.current = measured;
    },
  }));
  return clock;
}

/** Runs `load` soon after it was asked for, never twice at a time, and once more if asked meanwhile. */
function useOneAtATime(load: () => Promise<void>, onFailure: () => void): () => void {
  const latest = useRef({ load, onFailure });
  latest.current = { load, onFailure };
  const [refresh] = useState(() => {
    let running = false;
    let wanted = false;
    const run = async () => {
      if (running) return;
      running = true;
      while (wanted) {
        wanted = false;
        await latest.current.load().catch(() => latest.current.onFailure());
      }
      running = false;
    };
    return () => {
      wanted = true;
      setTimeout(() => void run(), debounce);
    };
  });
  return refresh;
}

function useEvents(refresh: () => void, setConnected: (connected: boolean) => void) {
  useEffect(() => {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout>;
    const open = () => {
      source = new EventSource("/sim/events");
      source.onopen = refresh;
      source.onmessage = refresh;
      source.onerror = () => {
        setConnected(false);
        // A browser tries again by itself only while it is "connecting".
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, reconnectAfter);
      };
    };
    // A page that the browser keeps for its Back button would keep its connection, too; there are six in all.
    const leave = () => { clearTimeout(timer); source.close(); };
    const back = (event: PageTransitionEvent) => { if (event.persisted) open(); };
    open();
    addEventListener("pagehide", leave);
    addEventListener("pageshow", back);
    return () => {
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", back);
      leave();
    };
  }, [refresh, setConnected]);
}
