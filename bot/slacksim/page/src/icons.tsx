const shapes = {
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13M3 12.5h13",
  lock: "M5.5 9V6.5a4.5 4.5 0 0 1 9 0V9M4 9h12v8H4z",
  eye: "M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10ZM10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z",
  send: "M3 3.5 17.5 10 3 16.5l2-6.5-2-6.5ZM5 10h6",
  people: "M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5M13 4.4a3 3 0 0 1 0 5.3M15 12.6c2 .6 3 2 3 3.9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 5.5V10l3 2",
  alert: "M10 2.5 18.5 17h-17L10 2.5ZM10 8v4M10 14.4v.2",
  repeat: "M4 8.5A6.2 6.2 0 0 1 15.5 7M16 3.5V7h-3.5M16 11.5A6.2 6.2 0 0 1 4.5 13M4 16.5V13h3.5",
  bolt: "M11 2 4 11.5h5L8 18l7.5-9.5H10.5L11 2Z",
  plug: "M7 2.5V7M13 2.5V7M4.5 7h11v2.5a5.5 5.5 0 0 1-11 0V7ZM10 15v3",
  down: "M10 4v12M5 11l5 5 5-5",
  plus: "M10 4v12M4 10h12",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  thread: "M3 4h14v9.5H9L5 17v-3.5H3V4Z",
  close: "M5 5l10 10M15 5 5 15",
  shared: "M5.5 7.5a3 3 0 1 1 0 5 3 3 0 0 1 0-5ZM14.5 7.5a3 3 0 1 0 0 5 3 3 0 0 0 0-5ZM8 10h4",
} as const;

export function Icon({ name }: { name: keyof typeof shapes }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round">
      <path d={shapes[name]} />
    </svg>
  );
}

/** The mark of Overtime: a clock with an hour more. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 36 36" aria-hidden="true">
      <defs>
        <linearGradient id="logo-ground" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#7c5cff" />
          <stop offset="1" stopColor="#4527d9" />
        </linearGradient>
      </defs>
      <rect width="36" height="36" rx="8" fill="url(#logo-ground)" />
      <path d="M18 8.5a9.5 9.5 0 1 0 9.5 9.5M18 12.5V18l4 2.5M27 6.2v7M23.5 9.7h7" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
