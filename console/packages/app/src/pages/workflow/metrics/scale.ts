/** What a chart's axis needs to know. */

const STEPS = [1, 2, 5, 10];

/** A round number that is no less than `value`, for the upper end of an axis. */
export function ceiling(value: number): number {
  if (!(value > 0)) return 1;
  const scale = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((one) => one * scale >= value) ?? 10;
  return step * scale;
}

/** Which of so many shades a value gets: 0 for nothing, and otherwise by its share of the greatest. */
export function shade(value: number, greatest: number, shades = 5): number {
  if (!(value > 0) || !(greatest > 0)) return 0;
  return Math.max(1, Math.min(shades, Math.ceil((value / greatest) * shades)));
}
