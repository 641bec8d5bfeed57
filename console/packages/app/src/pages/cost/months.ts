/** A time from one moment to before another, as the server wants it. */
export interface Period {
  readonly since: string;
  readonly until: string;
}

/** The first moment of a month, in UTC, `ahead` months later. */
function begin(month: string, ahead = 0): Date {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + ahead, 1));
}

/** The period of a month written as `2030-01`. */
export function periodOf(month: string): Period {
  return { since: begin(month).toISOString(), until: begin(month, 1).toISOString() };
}

/** The months to choose from, the newest first: the one of `now`, and those before it. */
export function months(now: number, count: number): readonly string[] {
  const current = new Date(now).toISOString().slice(0, 7);
  return Array.from({ length: count }, (_, index) => begin(current, -index).toISOString().slice(0, 7));
}

/** How much less the second costs than the first: a share of the first; 0 where neither costs anything. */
export function saving(own: number, other: number): number {
  return own === 0 ? 0 : (own - other) / own;
}
