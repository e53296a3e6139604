import { useMemo, useState } from "react";
import type { AppTab, State } from "./api";
import { AppHome, AppTabs } from "./app_home";
import { useChoice, visibleChannels, type Choice } from "./choice";
import { Composer } from "./composer";
import { SurroundingsProvider, usableLocale, usableTimeZone, type Surroundings } from "./context";
import { Conversation, ConversationHead } from "./conversation";
import { useLive, type Live } from "./live";
import { Modal } from "./modal";
import { Sidebar } from "./sidebar";
import { Thread } from "./thread";
import { TopBar } from "./top_bar";
import { useUnread, visibleMessages } from "./unread";
import { WorldPanel } from "./world_panel";

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
  const [tab, setTab] = useState<AppTab>("messages");
  const [threadTS, setThread] = useState<string>();
  const messages = useMemo(() => visibleMessages(state.messages, user.id), [state.messages, user.id]);
  const here = useMemo(() => messages.filter((message) => message.channel === channel.id), [messages, channel.id]);
  const unread = useUnread(messages, user.id, channel.id);
  const view = state.views.filter((candidate) => candidate.user === user.id).at(-1);
  const openChannel = (id: string) => { chooseChannel(id); setThread(undefined); setDrawer(undefined); };
  const place = `${user.id}/${channel.id}`;
  const setDraft = (text: string) => setDrafts((before) => ({ ...before, [place]: text }));
  const write = (text: string) => { setTab("messages"); setDraft(text); setDrawer(undefined); document.getElementById("command-input")?.focus(); };
  const surroundings = useSurroundingsOf(live, state, choice, openChannel, setThread);
  const first = here.find(({ ts }) => ts === threadTS);
  const atHome = channel.is_im && tab === "home";
  const tabs = channel.is_im && <AppTabs tab={tab} setTab={setTab} />;

  return (
    <SurroundingsProvider value={surroundings}>
      <div className="page" data-drawer={drawer} data-world={live.world || first ? "yes" : "no"} data-thread={first ? "yes" : "no"}>
        <TopBar state={state} me={user} connected={live.connected} drawer={drawer} setDrawer={setDrawer} chooseUser={chooseUser} hasWorld={live.world !== undefined} />
        <Sidebar team={state.team.name} channels={visibleChannels(state.channels, user.id)} open={channel.id} unread={unread} onOpen={openChannel} />
        <main className="conversation" aria-label={channel.is_im ? "Direct messages" : `Channel ${channel.name}`}>
          {atHome
            ? <><ConversationHead channel={channel} />{tabs}<AppHome key={user.id} home={state.homes.find((home) => home.user === user.id)} /></>
            : <>
                <Conversation channel={channel} messages={here} world={live.world} write={write} sockets={state.sockets} tabs={tabs} />
                <Composer key={place} me={user} channel={channel} world={live.world} draft={drafts[place] ?? ""} setDraft={setDraft} onSent={live.refresh} />
              </>}
        </main>
        {live.world && !first && <WorldPanel world={live.world} write={write} refresh={live.refresh} />}
        {first && <Thread key={first.ts} first={first} messages={here} me={user} channel={channel} world={live.world} onSent={live.refresh} />}
        {drawer && <button type="button" className="curtain" aria-label="Close the panel" onClick={() => setDrawer(undefined)} />}
      </div>
      {view && <Modal key={view.id} open={view} onChange={live.refresh} />}
    </SurroundingsProvider>
  );
}

function useSurroundingsOf(live: Live, state: State, { user }: Choice, openChannel: (id: string) => void, openThread: (ts: string | undefined) => void): Surroundings {
  return useMemo(() => ({
    me: { ...user, locale: usableLocale(user.locale) },
    users: new Map(state.users.map((one) => [one.id, one])),
    channels: new Map(state.channels.map((one) => [one.id, one])),
    timeZone: usableTimeZone(user.tz),
    now: live.now,
    version: live.version,
    openChannel,
    openThread,
    shortcuts: state.shortcuts,
  }), [user, state.users, state.channels, state.shortcuts, live.now, live.version]);
}
