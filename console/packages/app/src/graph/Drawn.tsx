import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Picture } from '@passo/graph';
import type { ReactNode } from 'react';
import { Problem } from '../parts/Problem';
import { useText } from '../text';
import type { Drawn as Drawing } from './usePicture';

interface DrawnProps {
  readonly drawn: Drawing;
  readonly children: (picture: Picture) => ReactNode;
}

/** A picture, or why there is none; one that is no longer right says so. */
export function Drawn({ drawn, children }: DrawnProps) {
  const { text } = useText();
  const { picture, error } = drawn;
  if (picture === undefined) {
    return (
      <div className="drawing">
        {error ? <Problem error={error} onRetry={drawn.retry} /> : <StatusIndicator type="loading">{text.graph.drawing}</StatusIndicator>}
      </div>
    );
  }
  return (
    <>
      {Boolean(error) && (
        <p className="stalenote" role="status">
          {text.graph.old}
        </p>
      )}
      {children(picture)}
    </>
  );
}
