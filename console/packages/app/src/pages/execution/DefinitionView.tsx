import Button from '@cloudscape-design/components/button';
import { Json } from '../../parts/Json';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';

/** The definition as it was when the execution began. */
export function DefinitionView({ definition, workflow }: { readonly definition: string; readonly workflow: string }) {
  const { text } = useText();
  const follow = useFollow();
  return (
    <div className="pad stack">
      <div>
        <Button href={links.edit(workflow)} onFollow={follow}>
          {text.execution.edit}
        </Button>
      </div>
      <Json text={definition} label={text.execution.views.definition} />
    </div>
  );
}
