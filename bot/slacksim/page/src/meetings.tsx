import { useEffect, useRef, useState, type CSSProperties } from "react";
import type { Meeting } from "./api";
import { useSurroundings, useTick, useViewer } from "./context";
import { barShare, formatCountdown, spokenCountdown, urgency } from "./countdown";
import { timeOfDay } from "./dates";
import { Icon } from "./icons";

export function MeetingList({ meetings, write }: { meetings: Meeting[]; write: (text: string) => void }) {
  const sorted = inOrder(meetings);
  const running = sorted.filter((meeting) => meeting.state === "running").length;
  return (
    <section aria-labelledby="meetings-title">
      <h2 id="meetings-title">Meetings <span className="count">{running} running</span></h2>
      <ul className="meetings">{sorted.map((meeting) => <MeetingCard key={meeting.id} meeting={meeting} write={write} />)}</ul>
    </section>
  );
}

/** The one that ends next comes first; those to come and those that are over come last. */
export function inOrder(meetings: Meeting[]): Meeting[] {
  const place = (meeting: Meeting) => ["running", "scheduled", "ended"].indexOf(meeting.state);
  return [...meetings].sort((left, right) => place(left) - place(right) || left.end - right.end);
}

function MeetingCard({ meeting, write }: { meeting: Meeting; write: (text: string) => void }) {
  const { now } = useSurroundings();
  const gained = useGainedMinutes(meeting.end);
  useTick(1000);
  const running = meeting.state === "running";
  const left = running ? meeting.end - now() : 0;
  const resting = meeting.state === "ended" ? "ended" : "not started";
  return (
    <li className="meeting" data-meeting={meeting.id} data-end={meeting.end} data-urgency={urgency(left)} data-state={meeting.state}>
      <div className="meeting-top">
        <bdi className="meeting-subject" title={meeting.subject}>{meeting.subject}</bdi>
        {gained > 0 && <span className="meeting-gained" role="status">+{gained} min</span>}
        <span className="meeting-left" role="timer" aria-label={running ? spokenCountdown(left) : resting}>{running ? formatCountdown(left) : resting}</span>
      </div>
      <div className="meeting-bar" aria-hidden="true"><span style={{ "--share": barShare(left) } as CSSProperties} /></div>
      <MeetingDetails meeting={meeting} running={running} write={write} />
    </li>
  );
}

function MeetingDetails({ meeting, running, write }: { meeting: Meeting; running: boolean; write: (text: string) => void }) {
  const viewer = useViewer();
  return (
    <>
      <p className="meeting-details">
      <button type="button" className="meeting-id" disabled={meeting.state === "ended"} title={`Write /extend ${meeting.id}`} onClick={() => write(`/extend ${meeting.id} `)}>{meeting.id}</button>
      <bdi className="meeting-host">{meeting.host}</bdi>
      {running && meeting.people === 0
        ? <span className="tag tag-empty">empty</span>
        : running && <span className="meeting-people" title={`${meeting.people} people in it`}><Icon name="people" />{meeting.people}<span className="hidden-text"> people</span></span>}
      <span className="meeting-end">{meeting.state === "ended" ? "ended" : "ends"} {timeOfDay(meeting.end, viewer)}</span>
    </p>
    {running && meeting.platform_extends > 0 && (
      <p className="meeting-platform">
        <span className="tag tag-platform" title={`The platform adds ${meeting.platform_extends} minutes by itself`}><Icon name="repeat" />platform extends itself</span>
      </p>
    )}
    </>
  );
}

const shownFor = 6000;

/** Minutes that the end has just moved by, for a moment. */
function useGainedMinutes(end: number): number {
  const before = useRef(end);
  const [gained, setGained] = useState(0);
  useEffect(() => {
    const minutes = Math.round((end - before.current) / 60_000);
    before.current = end;
    if (minutes <= 0) return;
    setGained(minutes);
    const timer = setTimeout(() => setGained(0), shownFor);
    return () => clearTimeout(timer);
  }, [end]);
  return gained;
}
