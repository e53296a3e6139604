import { useViewer } from "./context";

/** Slack's own words around what the app says, as Slack has them in the person's language. */
const words = {
  onlyYou: { en: "Only visible to you", es: "Solo visible para ti", zh: "仅对你可见" },
  optional: { en: "(optional)", es: "(opcional)", zh: "（可选）" },
  choose: { en: "Choose…", es: "Elegir…", zh: "选择…" },
  edited: { en: "(edited)", es: "(editado)", zh: "（已编辑）" },
  cancel: { en: "Cancel", es: "Cancelar", zh: "取消" },
  close: { en: "Close", es: "Cerrar", zh: "关闭" },
  required: { en: "Please complete this required field.", es: "Rellena este campo obligatorio.", zh: "请填写此必填字段。" },
  searching: { en: "Searching…", es: "Buscando…", zh: "正在搜索…" },
  nothingFound: { en: "Nothing found", es: "No se ha encontrado nada", zh: "未找到结果" },
  typeMore: { en: "Type {count} characters or more", es: "Escribe al menos {count} caracteres", zh: "请至少输入 {count} 个字符" },
  reply: { en: "1 reply", es: "1 respuesta", zh: "1 条回复" },
  replies: { en: "{count} replies", es: "{count} respuestas", zh: "{count} 条回复" },
  replyInThread: { en: "Reply in thread", es: "Responder en el hilo", zh: "在消息列中回复" },
  thread: { en: "Thread", es: "Hilo", zh: "消息列" },
  replyHere: { en: "Reply", es: "Responder", zh: "回复" },
  message: { en: "Message {name}", es: "Enviar mensaje a {name}", zh: "给 {name} 发消息" },
  guest: { en: "guest", es: "invitado", zh: "访客" },
} as const;

export type Word = keyof typeof words;

/** Says one of Slack's own words in a language; English where this page has no other. */
export function chromeIn(locale: string): (word: Word, data?: Record<string, string | number>) => string {
  const language = locale.toLowerCase().split("-")[0]!;
  return (word, data = {}) => {
    const text: string = language === "es" || language === "zh" ? words[word][language] : words[word].en;
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(data[name] ?? ""));
  };
}

/** The same for the person whose eyes the page has. */
export function useChrome() {
  return chromeIn(useViewer().locale);
}
