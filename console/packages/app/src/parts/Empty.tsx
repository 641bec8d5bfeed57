import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}

/** Nothing is there: what that means, and what one can do. */
export function Empty({ title, hint, children }: EmptyProps) {
  return (
    <div className="empty">
      <Box variant="strong">{title}</Box>
      {hint !== undefined && <p>{hint}</p>}
      {children}
    </div>
  );
}
