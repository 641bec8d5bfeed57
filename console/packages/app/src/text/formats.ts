import type { Language } from './index';

/** How a language writes numbers and times. Times are milliseconds since 1970. */
export interface Formats {
  readonly number: (value: number) => string;
  readonly percent: (share: number) => string;
  readonly dollars: (value: number) => string;
  readonly time: (at: number) => string;
  /** A day, in UTC. */
  readonly day: (at: number) => string;
  readonly clock: (at: number) => string;
  readonly duration: (milliseconds: number) => string;
  readonly ago: (milliseconds: number) => string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function formats(language: Language): Formats {
  const number = new Intl.NumberFormat(language);
  const one = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });

  const duration = (milliseconds: number) => {
    const length = Math.max(0, milliseconds);
    if (length < SECOND) return `${Math.round(length)} ms`;
    if (length < MINUTE) return `${one.format(length / SECOND)} s`;
    if (length < HOUR) return `${Math.floor(length / MINUTE)} min ${Math.floor((length % MINUTE) / SECOND)} s`;
    if (length < DAY) return `${Math.floor(length / HOUR)} h ${Math.floor((length % HOUR) / MINUTE)} min`;
    return `${Math.floor(length / DAY)} d ${Math.floor((length % DAY) / HOUR)} h`;
  };
  const ago = (milliseconds: number) => {
    if (milliseconds < MINUTE) return relative.format(-Math.round(milliseconds / SECOND), 'second');
    if (milliseconds < HOUR) return relative.format(-Math.round(milliseconds / MINUTE), 'minute');
    if (milliseconds < DAY) return relative.format(-Math.round(milliseconds / HOUR), 'hour');
    return relative.format(-Math.round(milliseconds / DAY), 'day');
  };
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    dollars: (value) => `US$ ${value.toLocaleString(language, { minimumFractionDigits: 2, maximumSignificantDigits: 2 })}`,
    time: (at) => date.format(at),
    day: (at) => day.format(at),
    clock: (at) => clock.format(at),
    duration,
    ago,
  };
}
