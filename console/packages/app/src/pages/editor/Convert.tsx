import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { Command, quoted } from '../../parts/Copy';
import { Findings } from '../../parts/Findings';
import { JsonDiff } from '../../parts/Json';
import { Problem } from '../../parts/Problem';
import { useText } from '../../text';

interface ConvertProps {
  readonly definition: string;
  /** The state that is converted; all where none is named. */
  readonly state?: string | undefined;
  readonly onApply: (definition: string) => void;
  readonly onClose: () => void;
}

/** Shows what a definition becomes in JSONata, before it becomes it. */
export function Convert({ definition, state, onApply, onClose }: ConvertProps) {
  const { text } = useText();
  const asked = useQuery({
    queryKey: ['convert', definition, state],
    queryFn: ({ signal }) => admin('convert', { method: 'POST', body: { definition, ...(state !== undefined && { state }) }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const after = asked.data?.definition === undefined ? undefined : JSON.stringify(asked.data.definition, null, 2);
  const converted = asked.data?.converted ?? 0;
  const left = asked.data?.left ?? 0;
  const isNothing = asked.data !== undefined && converted === 0;
  return (
    <Modal
      visible
      size="max"
      header={state === undefined ? text.build.convert : `${text.build.convert}: ${state}`}
      onDismiss={onClose}
      closeAriaLabel={text.common.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={after === undefined || isNothing}
              onClick={() => {
                if (after !== undefined) onApply(after);
                onClose();
              }}
            >
              {text.build.apply}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <span>{text.build.convertHint}</span>
        {asked.isPending && <span role="status">{text.build.converting}</span>}
        {asked.error !== null && <Problem error={asked.error} />}
        {asked.data !== undefined && (
          <p className="quiet" role="status">
            {isNothing ? text.build.nothingToConvert : text.build.converted(converted)}
            {left > 0 && state === undefined && ` · ${text.build.left(left)}`}
          </p>
        )}
        {asked.data !== undefined && <Findings findings={asked.data.findings} />}
        {after !== undefined && !isNothing && <JsonDiff before={definition} after={after} label={text.build.changes} />}
        <Command line={`passo convert workflow.asl.json${state === undefined ? '' : ` --state ${quoted(state)}`} -w`} />
      </SpaceBetween>
    </Modal>
  );
}
