import { useEffect, useRef, useState } from "react";
import type { Confirmation, Element, Option } from "./api";
import { useInteraction, usePending } from "./interaction";
import { MenuButton } from "./menu";
import { safeAddress } from "./mrkdwn";
import { Text } from "./text";

export function PressButton({ element, blockID }: { element: Element; blockID: string }) {
  const { press } = useInteraction();
  const [pending, begin] = usePending();
  const [asking, setAsking] = useState(false);
  const send = () => {
    const address = safeAddress(element.url ?? "");
    if (address) window.open(address, "_blank", "noopener,noreferrer");
    begin(press(blockID, element, { value: element.value ?? "" }));
  };
  return (
    <>
      <button
        type="button"
        className={`button button-${element.style ?? "default"}`}
        data-action={element.action_id}
        data-value={element.value}
        aria-label={element.accessibility_label}
        aria-busy={pending}
        aria-disabled={pending /* not disabled, which would take the focus away */}
        onClick={() => { if (!pending) element.confirm ? setAsking(true) : send(); }}
      >
        <span className="button-label"><Text of={element.text ?? ""} /></span>
        {pending && <span className="spinner" />}
      </button>
      {asking && <ConfirmDialog of={element.confirm!} onAnswer={(yes) => { setAsking(false); if (yes) send(); }} />}
    </>
  );
}

/** The three dots: a menu whose entries act at once. */
export function OverflowMenu({ element, blockID }: { element: Element; blockID: string }) {
  const { press } = useInteraction();
  const [pending, begin] = usePending();
  const [chosen, setChosen] = useState<Option>();
  const send = (option: Option) => begin(press(blockID, element, { value: option.value ?? "", selected_option: option }));
  const entries = (element.options ?? []).map((option) => ({
    key: option.value ?? option.text.text,
    label: <Text of={option.text} />,
    onChoose: () => (element.confirm ? setChosen(option) : send(option)),
  }));
  return (
    <>
      <MenuButton label="More actions" className="button button-default overflow" entries={entries} busy={pending} actionID={element.action_id}>⋯</MenuButton>
      {chosen && <ConfirmDialog of={element.confirm!} onAnswer={(yes) => { setChosen(undefined); if (yes) send(chosen); }} />}
    </>
  );
}

export function ConfirmDialog({ of, onAnswer }: { of: Confirmation; onAnswer: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="modal modal-small" aria-labelledby="confirm-title" onCancel={(event) => { event.preventDefault(); onAnswer(false); }}>
      <h2 id="confirm-title" className="modal-title"><Text of={of.title} /></h2>
      <div className="modal-body"><Text of={of.text} /></div>
      <div className="modal-foot">
        <button type="button" className="button button-default" onClick={() => onAnswer(false)}><Text of={of.deny} /></button>
        <button type="button" className={`button button-${of.style ?? "primary"}`} onClick={() => onAnswer(true)}><Text of={of.confirm} /></button>
      </div>
    </dialog>
  );
}
