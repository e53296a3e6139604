import { useChrome } from "./chrome";
import { useId } from "react";
import type { Block, Element } from "./api";
import { Control } from "./controls";
import { Text } from "./text";

export function Blocks({ blocks, errors }: { blocks: Block[]; errors?: Record<string, string> }) {
  return <>{blocks.map((block, index) => <BlockView key={block.block_id ?? index} block={block} error={errors?.[block.block_id ?? ""]} />)}</>;
}

function BlockView({ block, error }: { block: Block; error?: string }) {
  switch (block.type) {
    case "section": return <Section block={block} />;
    case "header": return <h3 className="block-header">{block.text && <Text of={block.text} />}</h3>;
    case "divider": return <hr className="block-divider" />;
    case "context": return <div className="block-context">{(block.elements ?? []).map((element, index) => <ContextElement key={index} element={element} />)}</div>;
    case "actions": return <div className="block-actions">{(block.elements ?? []).map((element, index) => <Control key={element.action_id ?? index} element={element} blockID={block.block_id ?? ""} />)}</div>;
    case "input": return <Input block={block} error={error} />;
    case "image": return <Picture address={block.image_url} alt={block.alt_text} title={block.title?.text} />;
    default: return <p className="unknown">A block of the type “{block.type}” is not drawn by this page.</p>;
  }
}

function Section({ block }: { block: Block }) {
  return (
    <div className="block-section">
      <div className="block-section-body">
        {block.text && <Text of={block.text} />}
        {block.fields && <div className="block-fields">{block.fields.map((field, index) => <div key={index}><Text of={field} /></div>)}</div>}
      </div>
      {block.accessory && <div className="block-accessory"><Accessory element={block.accessory} blockID={block.block_id ?? ""} /></div>}
    </div>
  );
}

function Accessory({ element, blockID }: { element: Element; blockID: string }) {
  if (element.type === "image") return <Picture address={element.image_url} alt={element.alt_text} />;
  return <Control element={element} blockID={blockID} />;
}

function ContextElement({ element }: { element: Element }) {
  if (element.type === "image") return <Picture address={element.image_url} alt={element.alt_text} />;
  const text = typeof element.text === "string" ? element.text : "";
  return <div className="block-context-text"><Text of={{ ...element, type: element.type === "mrkdwn" ? "mrkdwn" : "plain_text", text } as Parameters<typeof Text>[0]["of"]} /></div>;
}

/** Nothing is fetched from elsewhere: a remote picture is told by its words. */
function Picture({ address, alt, title }: { address?: string; alt?: string; title?: string }) {
  if (address?.startsWith("data:image/")) return <img className="picture" src={address} alt={alt ?? ""} title={title} />;
  return <span className="picture-words" title={address}>🖼 {title || alt || "picture"}</span>;
}

function Input({ block, error }: { block: Block; error?: string }) {
  const chrome = useChrome();
  const label = block.label?.text ?? "";
  const errorID = useId();
  return (
    <div className="block-input" data-block={block.block_id}>
      <div className="block-input-label">
        {block.label && <Text of={block.label} />}
        {block.optional && <span className="block-input-optional"> {chrome("optional")}</span>}
      </div>
      {block.element && <Control element={block.element} blockID={block.block_id ?? ""} label={label} input={!block.dispatch_action} describedBy={error ? errorID : undefined} />}
      {error && <p className="block-input-error" id={errorID} role="alert">{error}</p>}
      {block.hint && <div className="block-input-hint"><Text of={block.hint} /></div>}
    </div>
  );
}
