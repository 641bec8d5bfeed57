import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError, admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Command, Copy } from '../../parts/Copy';
import { Problem } from '../../parts/Problem';
import { useText } from '../../text';

interface YamlProps {
  readonly definition: string;
  /** Takes the definition over, as JSON. */
  readonly onApply: (definition: string) => void;
  readonly onClose: () => void;
}

/** The definition in YAML, to be read and changed. */
export function Yaml({ definition, onApply, onClose }: YamlProps) {
  const { text } = useText();
  const words = text.build.editor;
  const [typed, type] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const shown = useQuery({
    queryKey: ['yaml', definition],
    queryFn: async ({ signal }) => (await admin('format', { method: 'POST', body: { definition, format: 'yaml' }, signal })).text,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const yaml = typed ?? shown.data ?? '';
  const apply = async () => {
    setBusy(true);
    try {
      onApply((await admin('format', { method: 'POST', body: { definition: yaml, format: 'json' } })).text.trimEnd());
      onClose();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="large"
      header={words.yamlTitle}
      onDismiss={onClose}
      closeAriaLabel={text.common.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Copy text={yaml} label={text.common.copy} />
            <Button variant="link" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button variant="primary" loading={isBusy} disabled={typed === undefined} onClick={() => void apply()}>
              {words.yamlApply}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <span>{words.yamlHint}</span>
        {shown.error !== null && <Problem error={shown.error} />}
        {problem !== null && (
          <p className="fault" role="alert" dir="auto">
            <b>{words.yamlWrong}</b> {problem instanceof ApiError ? problem.message : String(problem)}
          </p>
        )}
        <textarea
          className="yamltext"
          aria-label={words.yamlTitle}
          spellCheck={false}
          value={shown.isPending ? text.common.loading : yaml}
          readOnly={!shown.isSuccess}
          onChange={(event) => {
            type(event.target.value);
            setProblem(null);
          }}
        />
        <Command line="passo fmt workflow.asl.yaml" />
      </SpaceBetween>
    </Modal>
  );
}
