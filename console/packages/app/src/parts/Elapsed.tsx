import { useNow } from '../live/now';
import { useText } from '../text';

interface ElapsedProps {
  readonly from: number;
  /** When it ended; it still runs where there is none. */
  readonly to?: number | undefined;
}

/** How long something took, or takes. */
export function Elapsed({ from, to }: ElapsedProps) {
  return to === undefined ? <Running from={from} /> : <Took milliseconds={to - from} />;
}

function Running({ from }: { readonly from: number }) {
  return <Took milliseconds={useNow() - from} />;
}

function Took({ milliseconds }: { readonly milliseconds: number }) {
  const { format } = useText();
  return <span className="figures">{format.duration(milliseconds)}</span>;
}

/** A moment, with how long ago it was as a hint. */
export function Moment({ at }: { readonly at: number }) {
  const { format } = useText();
  return (
    <time className="figures" dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {format.time(at)}
    </time>
  );
}
