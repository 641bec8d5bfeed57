import { useState } from 'react';
import { Json, JsonDiff } from '../../parts/Json';
import { useText } from '../../text';
import { stagesOf } from './pipeline';

interface PipelineProps {
  readonly data: Readonly<Record<string, unknown>>;
  readonly output: string | undefined;
}

/** What became of the input: each stage, and what is different from the one before. */
export function Pipeline({ data, output }: PipelineProps) {
  const { text } = useText();
  const stages = stagesOf(data, output);
  const [chosen, choose] = useState<string>();
  const stage = stages.find((one) => one.name === chosen) ?? stages.at(-1);
  if (stage === undefined) return null;
  return (
    <>
      <h3>{text.test.stages}</h3>
      <ol className="pipeline">
        {stages.map(({ name }) => (
          <li key={name}>
            <button type="button" aria-pressed={name === stage.name} onClick={() => choose(name)}>
              {name}
            </button>
          </li>
        ))}
      </ol>
      {stage.before === undefined ? (
        <Json text={stage.value} label={stage.name} />
      ) : (
        <JsonDiff before={stage.before} after={stage.value} label={stage.name} />
      )}
    </>
  );
}
