import type { State, User } from "./api";
import type { Drawer } from "./app";
import { Avatar } from "./avatar";
import { Icon, Logo } from "./icons";

type Properties = {
  state: State; me: User; connected: boolean; drawer: Drawer; hasWorld: boolean;
  setDrawer: (drawer: Drawer) => void; chooseUser: (id: string) => void;
};

export function TopBar({ state, me, connected, drawer, hasWorld, setDrawer, chooseUser }: Properties) {
  const toggle = (name: Drawer) => setDrawer(drawer === name ? undefined : name);
  return (
    <header className="top-bar">
      <h1 className="hidden-text">Overtime demo</h1>
      <button type="button" className="top-bar-drawer" aria-label="Channels" aria-expanded={drawer === "channels"} onClick={() => toggle("channels")}><Icon name="menu" /></button>
      <div className="top-bar-name" aria-hidden="true"><Logo /><span><strong>Overtime</strong> <span className="top-bar-demo">demo</span></span></div>
      <Connection connected={connected} sockets={state.sockets} />
      <label className="you-are">
        <span className="you-are-label">You are</span>
        <Avatar user={me} name={me.real_name || me.name} />
        <select id="you-are" aria-label="You are" value={me.id} onChange={(event) => chooseUser(event.target.value)}>
          {state.users.filter((user) => !user.is_bot).map((user) => (
            <option key={user.id} value={user.id}>{describeUser(user, state.team.id)}</option>
          ))}
        </select>
      </label>
      {hasWorld && <button type="button" className="top-bar-drawer" aria-label="Meetings and clock" aria-expanded={drawer === "world"} onClick={() => toggle("world")}><Icon name="clock" /></button>}
    </header>
  );
}

function Connection({ connected, sockets }: { connected: boolean; sockets: number }) {
  if (!connected) return <span className="connection connection-lost" role="status"><span className="spinner" />Reconnecting…</span>;
  if (sockets === 0) return <span className="connection connection-none" role="status"><Icon name="plug" />The bot is not connected</span>;
  return <span className="connection" role="status" title="Socket Mode connections of the bot"><span className="connection-dot" />{sockets} {sockets === 1 ? "socket" : "sockets"}</span>;
}

/** "Alice Ng · host of 914083136 (guest, other workspace)" */
export function describeUser(user: User, teamID: string): string {
  const title = user.title && ` · ${user.title}`;
  const role = roleOf(user, teamID);
  const known = role && user.title.toLowerCase().includes(role);
  return (user.real_name || user.name) + title + (role && !known ? ` (${role})` : "");
}

export function roleOf(user: User, teamID: string): string {
  if (user.team_id && user.team_id !== teamID) return "other workspace";
  return user.is_restricted ? "guest" : "";
}
