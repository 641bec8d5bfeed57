const SHAPES: Readonly<Record<string, string>> = {
  Task: 'M9 3 4 13h6l-2 8 10-12h-7l3-6z',
  Choice: 'M12 3l9 9-9 9-9-9z M12 9v4 M12 16v.01',
  Parallel: 'M4 5h4v14H4z M10 5h4v14h-4z M16 5h4v14h-4z',
  Map: 'M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z',
  Wait: 'M12 3a9 9 0 1 0 .01 0z M12 8v5l3 2',
  Pass: 'M4 12h14 M13 6l6 6-6 6',
  Succeed: 'M5 13l4 4 10-11',
  Fail: 'M6 6l12 12 M18 6L6 18',
  Token: 'M12 3a4 4 0 1 1-.01 0z M4 21c0-5 4-8 8-8s8 3 8 8',
  running: 'M12 3a9 9 0 1 1-8.5 6',
  waiting: 'M12 3a9 9 0 1 0 .01 0z M12 8v5l3 2',
  succeeded: 'M5 13l4 4 10-11',
  caught: 'M12 4v10 M12 19v.01',
  failed: 'M6 6l12 12 M18 6L6 18',
  aborted: 'M6 6h12v12H6z',
};

interface IconProps {
  readonly name: string;
  readonly strong?: boolean;
}

/** A sign of ours: of a type of state, or of a status. */
export function Icon({ name, strong = false }: IconProps) {
  return (
    <svg
      className={name === 'running' ? 'spin' : undefined}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={strong ? 3 : 2}
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden
    >
      <path d={SHAPES[name] ?? SHAPES.Task} />
    </svg>
  );
}
