import type { WorkflowType } from '@passo/api';
import { type Scope, templateOf } from '@passo/graph';
import { drawingOf, pngOf } from '../../graph/export';
import { download } from '../../parts/download';

export type Format = 'asl' | 'sam' | 'cloudformation' | 'svg' | 'png';

interface Exported {
  readonly name: string;
  readonly type: WorkflowType;
  readonly text: string;
  readonly scope: Scope | undefined;
}

/** Gives the user the definition as a file. */
export async function exportAs(format: Format, { name, type, text, scope }: Exported): Promise<void> {
  switch (format) {
    case 'asl':
      return download(`${name}.asl.json`, text, 'application/json');
    case 'sam':
    case 'cloudformation':
      if (scope !== undefined) download(`${name}.${format}.json`, templateOf(format, name, type, scope), 'application/json');
      return undefined;
    case 'svg':
      if (scope !== undefined) download(`${name}.svg`, await drawingOf(scope), 'image/svg+xml');
      return undefined;
    case 'png':
      if (scope !== undefined) download(`${name}.png`, await pngOf(await drawingOf(scope)), 'image/png');
      return undefined;
  }
}
