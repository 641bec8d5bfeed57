import { readDefinition } from '@passo/graph';
import { useMemo, useState } from 'react';
import { Graph } from '../../graph/Graph';
import { usePicture } from '../../graph/usePicture';
import { Json } from '../../parts/Json';
import { useText } from '../../text';

/** A definition as a picture, and as text. */
export function Definition({ definition }: { readonly definition: string }) {
  const { text } = useText();
  const scope = useMemo(() => readDefinition(definition), [definition]);
  const picture = usePicture(scope);
  const [selected, select] = useState<string>();
  return (
    <div className="pair wide">
      <div className="framed">
        {picture !== undefined && <Graph picture={picture} selected={selected} onSelect={select} focus={selected} hasMap={false} />}
      </div>
      <Json text={definition} label={text.workflow.tabs.definition} />
    </div>
  );
}
