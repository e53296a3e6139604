import { useState } from "react";
import { breakSomething, moveClock, resetWorld, type Break, type World } from "./api";
import { useSurroundings, useTick, useViewer } from "./context";
import { timeOfDay, type Viewer } from "./dates";
import { Icon } from "./icons";
import { MeetingList } from "./meetings";
import { NewMeeting } from "./new_meeting";

type Properties = { world: World; write: (text: string) => void; refresh: () => void };

/** The world around the bot: the meetings, the clock, and what can be broken on purpose. */
export function WorldPanel({ world, write, refresh }: Properties) {
  return (
    <aside className="world" aria-label="Meetings, clock and faults">
      <Clock refresh={refresh} />
      <MeetingList meetings={world.meetings} write={write} />
      {world.hosts?.length > 0 && <NewMeeting hosts={world.hosts} refresh={refresh} />}
      {world.breaks.length > 0 && <Breaks breaks={world.breaks} refresh={refresh} />}
      <Reset refresh={refresh} />
    </aside>
  );
}

function Clock({ refresh }: { refresh: () => void }) {
  const { now, me, timeZone } = useSurroundings();
  useTick(500);
  const shown = new Date(now());
  const time = new Intl.DateTimeFormat(me.locale, { timeZone, hour: "numeric", minute: "2-digit", second: "2-digit" }).format(shown);
  const day = new Intl.DateTimeFormat(me.locale, { timeZone, weekday: "short", day: "numeric", month: "short" }).format(shown);
  const forward = (minutes: number) => void moveClock(minutes * 60).catch(() => undefined).then(refresh);
  return (
    <section className="clock" aria-label="Clock">
      <p className="clock-face"><time className="clock-time" dateTime={shown.toISOString()}>{time}</time> <span className="clock-day">{day} · {timeZone}</span></p>
      <div className="clock-buttons">
        {[1, 5, 30].map((minutes) => (
          <button type="button" key={minutes} className="small-button" data-forward={minutes * 60} aria-label={`+${minutes} min: move the clock on`} title={`Move the clock on by ${minutes} ${minutes === 1 ? "minute" : "minutes"}`} onClick={() => forward(minutes)}>+{minutes} min</button>
        ))}
      </div>
    </section>
  );
}

/** "3 times, last: extend 914083136, 15:31" */
export function whatItDid({ hits, last, at }: Break, viewer: Viewer): string {
  return `${hits === 1 ? "Once:" : `${hits} times, last:`} ${last}, ${timeOfDay(at, viewer)}`;
}

function Breaks({ breaks, refresh }: { breaks: Break[]; refresh: () => void }) {
  const viewer = useViewer();
  const [failure, setFailure] = useState("");
  const press = (id: string) => {
    setFailure("");
    void breakSomething(id).catch((error: Error) => setFailure(error.message)).then(refresh);
  };
  return (
    <section aria-labelledby="breaks-title">
      <h2 id="breaks-title">Break things</h2>
      <div className="breaks">
        {breaks.map((one) => (
          <button type="button" key={one.id} className="small-button break-button" data-break={one.id} aria-pressed={one.armed} onClick={() => press(one.id)}>
            <Icon name="bolt" />
            <span className="break-label">{one.label}{one.hits > 0 && <small className="break-did">{whatItDid(one, viewer)}</small>}</span>
            {one.armed && <span className="armed">armed</span>}
          </button>
        ))}
      </div>
      {failure && <p className="block-input-error" role="alert">{failure}</p>}
    </section>
  );
}

/** The world as it was at the start: meetings, clock, conversations, and a bot that remembers nothing. */
function Reset({ refresh }: { refresh: () => void }) {
  const [state, setState] = useState<"" | "asking" | "working">("");
  const [failure, setFailure] = useState("");
  const reset = () => {
    setState("working");
    setFailure("");
    void resetWorld().catch((error: Error) => setFailure(error.message)).then(() => { setState(""); refresh(); });
  };
  return (
    <section className="reset" aria-label="Reset">
      <button type="button" className="small-button" data-reset={state} aria-busy={state === "working"} onClick={() => (state === "asking" ? reset() : state === "" && setState("asking"))} onBlur={() => state === "asking" && setState("")}>
        {state === "asking" ? "Press again: all that happened is forgotten" : state === "working" ? "Resetting…" : "Start again from the beginning"}
      </button>
      {failure && <p className="block-input-error" role="alert">{failure}</p>}
    </section>
  );
}
