import { useMemo, useState } from "react";
import type { State } from "./api";
import { useChoice, visibleChannels, type Choice } from "./choice";
import { Composer } from "./composer";
import { SurroundingsProvider, usableLocale, type Surroundings } from "./context";
import { Conversation } from "./conversation";
import { useLive, type Live } from "./live";
import { Modal } from "./modal";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top_bar";
import { useUnread, visibleMessages } from "./unread";
import { WorldPanel } from "./world_panel";

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export type Drawer = "channels" | "world" | undefined;

export function App() {
  const live = useLive();
  const { choice, chooseUser, chooseChannel } = useChoice(live.state);
  if (!live.state || !choice) {
    return <p className="starting" role="status">{live.connected ? "Loading…" : "The server does not answer. Trying again…"}</p>;
  }
  return <Workspace live={live} state={live.state} choice={choice} chooseUser={chooseUser} chooseChannel={chooseChannel} />;
}

type Properties = { live: Live; state: State; choice: Choice; chooseUser: (id: string) => void; chooseChannel: (id: string) => void };

function Workspace({ live, state, choice, chooseUser, chooseChannel }: Properties) {
  const { user, channel } = choice;
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const [drawer, setDrawer] = useState<Drawer>();
  const messages = useMemo(() => visibleMessages(state.messages, user.id), [state.messages, user.id]);
  const unread = useUnread(messages, user.id, channel.id);
  const view = state.views.filter((candidate) => candidate.user === user.id).at(-1);
  const openChannel = (id: string) => { chooseChannel(id); setDrawer(undefined); };
  const place = `${user.id}/${channel.id}`;
  const setDraft = (text: string) => setDrafts((before) => ({ ...before, [place]: text }));
  const write = (text: string) => { setDraft(text); setDrawer(undefined); document.getElementById("command-input")?.focus(); };
  const surroundings = useSurroundingsOf(live, state, choice, openChannel);

  return (
    <SurroundingsProvider value={surroundings}>
      <div className="page" data-drawer={drawer} data-world={live.world ? "yes" : "no"}>
        <TopBar state={state} me={user} connected={live.connected} drawer={drawer} setDrawer={setDrawer} chooseUser={chooseUser} hasWorld={live.world !== undefined} />
        <Sidebar team={state.team.name} channels={visibleChannels(state.channels, user.id)} open={channel.id} unread={unread} onOpen={openChannel} />
        <main className="conversation" aria-label={channel.is_im ? "Direct messages" : `Channel ${channel.name}`}>
          <Conversation channel={channel} messages={messages.filter((message) => message.channel === channel.id)} world={live.world} write={write} sockets={state.sockets} />
          <Composer key={place} me={user} channel={channel} world={live.world} draft={drafts[place] ?? ""} setDraft={setDraft} onSent={live.refresh} />
        </main>
        {live.world && <WorldPanel world={live.world} write={write} refresh={live.refresh} />}
        {drawer && <button type="button" className="curtain" aria-label="Close the panel" onClick={() => setDrawer(undefined)} />}
      </div>
      {view && <Modal key={view.id} open={view} onChange={live.refresh} />}
    </SurroundingsProvider>
  );
}

function useSurroundingsOf(live: Live, state: State, { user }: Choice, openChannel: (id: string) => void): Surroundings {
  return useMemo(() => ({
    me: { ...user, locale: usableLocale(user.locale) },
    users: new Map(state.users.map((one) => [one.id, one])),
    channels: new Map(state.channels.map((one) => [one.id, one])),
    timeZone,
    now: live.now,
    version: live.version,
    openChannel,
  }), [user, state.users, state.channels, live.now, live.version]);
}
