import { readDefinition } from '@passo/graph';
import { useMemo, useState } from 'react';
import { Drawn } from '../../graph/Drawn';
import { Graph } from '../../graph/Graph';
import { usePicture } from '../../graph/usePicture';
import { Json } from '../../parts/Json';
import { useText } from '../../text';

/** A definition as a picture, and as text. */
export function Definition({ definition }: { readonly definition: string }) {
  const { text } = useText();
  const scope = useMemo(() => readDefinition(definition), [definition]);
  const drawn = usePicture(scope);
  const [selected, select] = useState<string>();
  return (
    <div className="pair wide">
      <div className="framed">
        {scope !== undefined && (
          <Drawn drawn={drawn}>
            {(picture) => <Graph picture={picture} selected={selected} onSelect={select} focus={selected} hasMap={false} />}
          </Drawn>
        )}
      </div>
      <Json text={definition} label={text.workflow.tabs.definition} />
    </div>
  );
}
