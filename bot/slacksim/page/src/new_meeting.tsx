import { useState, type FormEvent } from "react";
import { addMeeting } from "./api";
import { Icon } from "./icons";

/** Lets a new meeting run, as somebody of the address book would by starting one. */
export function NewMeeting({ hosts, refresh }: { hosts: string[]; refresh: () => void }) {
  const [title, setTitle] = useState("");
  const [host, setHost] = useState(hosts[0] ?? "");
  const [minutes, setMinutes] = useState("30");
  const [said, setSaid] = useState("");
  const add = (event: FormEvent) => {
    event.preventDefault();
    const asked = { title: title.trim() || "New meeting", host, minutes: Number(minutes) };
    addMeeting(asked).then(({ id }) => { setSaid(`${id} runs.`); setTitle(""); }, (error: Error) => setSaid(`Not added: ${error.message}`)).then(refresh);
  };
  return (
    <details className="new-meeting">
      <summary className="small-button"><Icon name="plus" /> New meeting</summary>
      <form onSubmit={add}>
        <label>Title<input className="field" name="title" value={title} maxLength={128} placeholder="New meeting" dir="auto" onChange={(event) => setTitle(event.target.value)} /></label>
        <label>Host<select className="field" name="host" value={host} onChange={(event) => setHost(event.target.value)}>{hosts.map((name) => <option key={name}>{name}</option>)}</select></label>
        <label>Minutes left<input className="field" name="minutes" type="number" min={1} max={1440} required value={minutes} onChange={(event) => setMinutes(event.target.value)} /></label>
        <button type="submit" className="small-button" data-add="meeting">Let it run</button>
      </form>
      <p className="new-meeting-said" role="status">{said}</p>
    </details>
  );
}
