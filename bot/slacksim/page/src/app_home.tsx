import { useEffect, useMemo, useRef, useState } from "react";
import { openApp, sendPress, type AppTab, type OpenView } from "./api";
import { Blocks } from "./blocks";
import { useSurroundings } from "./context";
import { useKeptFocus } from "./focus";
import { Icon } from "./icons";
import { InteractionProvider, type Interaction } from "./interaction";

/** The tabs of the app. The app hears of each that is opened. */
export function AppTabs({ tab, setTab }: { tab: AppTab; setTab: (tab: AppTab) => void }) {
  const { me } = useSurroundings();
  useEffect(() => void openApp(me.id, tab).catch(() => undefined), [me.id, tab]);
  const draw = (name: AppTab, label: string) => (
    <button type="button" role="tab" id={`tab-${name}`} aria-selected={tab === name} aria-controls="app-tab" data-tab={name} onClick={() => setTab(name)}>{label}</button>
  );
  return <div className="app-tabs" role="tablist" aria-label="Tabs of the app">{draw("home", "Home")}{draw("messages", "Messages")}</div>;
}

/** What the app has published for this person. */
export function AppHome({ home }: { home: OpenView | undefined }) {
  const { me } = useSurroundings();
  const [failure, setFailure] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const id = home?.id ?? "";
  const kept = useKeptFocus(box, home?.view.hash);
  const interaction = useMemo((): Interaction => ({
    async press(blockID, element, chosen) {
      setFailure("");
      await sendPress({ user: me.id, channel: "", ts: "", view_id: id, block_id: blockID, action_id: element.action_id ?? "", ...chosen }).catch((error: Error) => {
        setFailure(error.message);
        throw error;
      });
    },
    suggest: () => Promise.reject(new Error("only dialogs can ask the app for options here")),
  }), [me.id, id]);
  if (!home) return <div className="app-home" id="app-tab"><p className="app-home-empty" role="status">The app has published nothing here yet.</p></div>;
  return (
    <div className="app-home" id="app-tab" role="tabpanel" aria-labelledby="tab-home" data-view={home.id} ref={box} tabIndex={-1} {...kept}>
      <InteractionProvider value={interaction}><Blocks blocks={home.view.blocks ?? []} errors={home.errors} /></InteractionProvider>
      {(failure || home.errors?.[""]) && <p className="slack-error" role="alert"><Icon name="alert" /><span>{failure ? `This did not reach the app: ${failure}` : home.errors![""]}</span></p>}
    </div>
  );
}
