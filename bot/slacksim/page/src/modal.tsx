import { useChrome } from "./chrome";
import { useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import { dismissView, RequestError, sendPress, submitView, suggestOptions, type Block, type Element, type InputValues, type OpenView } from "./api";
import { Blocks } from "./blocks";
import { initialValue } from "./controls";
import { useSurroundings } from "./context";
import { useKeptFocus } from "./focus";
import { InteractionProvider, usePending, type Interaction } from "./interaction";
import { Text } from "./text";

/** A view of the app over the page: Escape and its button dismiss it, the cross all of its stack, Enter submits it. */
export function Modal({ open, onChange }: { open: OpenView; onChange: () => void }) {
  const { view, id, user } = open;
  const dialog = useRef<HTMLDialogElement>(null);
  const chrome = useChrome();
  const [busy, begin] = usePending();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { interaction, values } = useModalInteraction(open);
  useEffect(() => openDialog(dialog.current!), []);

  const run = async (work: Promise<unknown>) => {
    setErrors({});
    try {
      await work;
    } catch (error) {
      setErrors(errorsIn(error));
      throw error;
    } finally {
      onChange();
    }
  };
  const dismiss = (all: boolean) => void run(dismissView(user, id, all)).catch(() => undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const missing = missingInputs(view.blocks ?? [], values, chrome("required"));
    if (Object.keys(missing).length > 0) setErrors(missing);
    else begin(run(submitView(user, id, values)));
  };
  const all = { ...open.errors, ...errors };
  const kept = useKeptFocus(dialog, view.hash);
  return (
    <dialog ref={dialog} className="modal" tabIndex={-1} {...kept} data-view={id} aria-labelledby={`title-${id}`} onCancel={(event) => { event.preventDefault(); dismiss(false); }}>
      <form onSubmit={submit} noValidate>
        <div className="modal-head">
          <h2 id={`title-${id}`} className="modal-title">{view.title && <Text of={view.title} />}</h2>
          <button type="button" className="modal-close" aria-label={chrome("close")} onClick={() => dismiss(true)}>×</button>
        </div>
        <div className="modal-body">
          <InteractionProvider value={interaction}><Blocks blocks={view.blocks ?? []} errors={all} /></InteractionProvider>
          {all[""] && <p className="block-input-error" role="alert">{all[""]}</p>}
        </div>
        <div className="modal-foot">
          <button type="button" className="button button-default" onClick={() => dismiss(false)}>{view.close ? <Text of={view.close} /> : chrome("cancel")}</button>
          {view.submit && <button type="submit" className="button button-primary" aria-disabled={busy}><span className="button-label"><Text of={view.submit} /></span>{busy && <span className="spinner" />}</button>}
        </div>
      </form>
    </dialog>
  );
}

/** Opens it with the focus on the field that the app wants, else on the dialog: on its cross, a space would close it. */
function openDialog(dialog: HTMLDialogElement) {
  dialog.showModal();
  (dialog.querySelector<HTMLElement>("[data-focus-on-load]") ?? dialog).focus();
}

/** By block ID; under "" what belongs to no input. */
function errorsIn(error: unknown): Record<string, string> {
  if (!(error instanceof RequestError)) return { "": String(error) };
  return Object.keys(error.fields).length > 0 ? error.fields : { "": error.hint || error.message };
}

function useModalInteraction(open: OpenView) {
  const { me } = useSurroundings();
  const [entered, setEntered] = useState<InputValues>({});
  const values = useMemo(() => withInitialValues(open.view.blocks ?? [], entered), [open.view.blocks, entered]);
  const interaction: Interaction = {
    values,
    setValue: (blockID, element, value) =>
      setEntered((before) => ({ ...before, [blockID]: { ...before[blockID], [element.action_id ?? ""]: value } })),
    async press(blockID, element, chosen) {
      await sendPress({ user: me.id, channel: "", ts: "", view_id: open.id, block_id: blockID, action_id: element.action_id ?? "", values, ...chosen });
    },
    async suggest(blockID, element, typed) {
      const found = await suggestOptions({ user: me.id, view_id: open.id, block_id: blockID, action_id: element.action_id ?? "", value: typed, values });
      return found.options ?? (found.option_groups ?? []).flatMap((group) => group.options);
    },
  };
  return { interaction, values };
}

const actsAlone = new Set(["button", "workflow_button", "overflow", "image", "mrkdwn", "plain_text"]);

/** Every element that holds a value, with what was entered or else what it began with. */
export function withInitialValues(blocks: Block[], entered: InputValues): InputValues {
  const values: InputValues = {};
  for (const block of blocks) {
    const elements: Element[] = [block.element, block.accessory, ...(block.type === "actions" ? (block.elements ?? []) : [])].filter((element) => element !== undefined);
    for (const element of elements) {
      if (actsAlone.has(element.type) || !block.block_id || !element.action_id) continue;
      (values[block.block_id] ??= {})[element.action_id] = entered[block.block_id]?.[element.action_id] ?? initialValue(element);
    }
  }
  return values;
}

/** Slack sends nothing while an input that is not optional is empty. */
export function missingInputs(blocks: Block[], values: InputValues, says: string): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const { type, optional, block_id: blockID, element } of blocks) {
    if (type !== "input" || optional || !blockID || !element?.action_id) continue;
    const { type: _, ...held } = values[blockID]?.[element.action_id] ?? { type: "" };
    const filled = Object.values(held).some((value) => (Array.isArray(value) ? value.length > 0 : value !== null && value !== ""));
    if (!filled) missing[blockID] = says;
  }
  return missing;
}
