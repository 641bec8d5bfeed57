/** A stretch of time in which nothing happened, drawn shorter than it was. */
export interface Cut {
  /** Its ends on the axis, from 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly milliseconds: number;
}

export interface Scale {
  /** Where a time stands on the axis, from 0 to 1. */
  readonly at: (time: number) => number;
  readonly cuts: readonly Cut[];
}

/** A gap at least this long, and at least this share of the whole, is cut. */
const LEAST_MILLISECONDS = 2000;
const LEAST_SHARE = 0.25;
/** What a cut is drawn as, as a share of the axis. */
const CUT_SHARE = 0.06;

/** An axis for these moments, with long silences cut. */
export function timeScale(moments: readonly number[]): Scale {
  const times = [...new Set(moments)].sort((one, other) => one - other);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || last <= first) return { at: () => 0, cuts: [] };
  const whole = last - first;
  const gaps: { from: number; to: number }[] = [];
  let before = first;
  for (const time of times) {
    const length = time - before;
    if (length >= LEAST_MILLISECONDS && length >= whole * LEAST_SHARE) gaps.push({ from: before, to: time });
    before = time;
  }
  const silent = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  // Where all is silence, nothing can be cut against anything.
  if (gaps.length === 0 || silent >= whole) return { at: (time) => bounded((time - first) / whole), cuts: [] };
  const room = 1 - CUT_SHARE * gaps.length;
  const at = (time: number) => {
    let passed = Math.max(first, Math.min(last, time)) - first;
    let cut = 0;
    for (const gap of gaps) {
      if (time <= gap.from) break;
      const inside = Math.min(time, gap.to) - gap.from;
      passed -= inside;
      cut += CUT_SHARE * (inside / (gap.to - gap.from));
    }
    return bounded(cut + (passed / (whole - silent)) * room);
  };
  const cuts = gaps.map((gap) => ({ from: at(gap.from), to: at(gap.to), milliseconds: gap.to - gap.from }));
  return { at, cuts };
}

function bounded(share: number): number {
  return Math.max(0, Math.min(1, share));
}
