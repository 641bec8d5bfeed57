import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import {
  addBranch,
  addCatch,
  addRule,
  duplicate,
  everyState,
  fieldsOf,
  isTerminal,
  languageOf,
  MACHINE_FIELDS,
  remove,
  rename,
  replace,
  type Scope,
  type State,
  shift,
  siblings,
  standalone,
} from '@passo/graph';
import { useState } from 'react';
import { Icon } from '../../graph/Icon';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { Fields } from './Fields';
import type { Change } from './keys';

interface FormProps {
  readonly scope: Scope;
  readonly name: string | undefined;
  readonly state: State | undefined;
  readonly onChange: Change;
  readonly onConvert: (state: string) => void;
}

/** The fields of the state that is chosen, or of the whole workflow. */
export function Form({ scope, name, state, onChange, onConvert }: FormProps) {
  const { text } = useText();
  return (
    <section className="edform" aria-label={text.editor.form}>
      {name === undefined || state === undefined ? (
        <>
          <h2>{text.editor.whole}</h2>
          <p className="quiet">{text.editor.nothing}</p>
          <Fields
            specs={MACHINE_FIELDS}
            value={scope}
            targets={Object.keys(scope.States)}
            onChange={(next) => onChange(() => ({ scope: inOrder(next) as unknown as Scope }), true)}
          />
        </>
      ) : (
        <StateForm scope={scope} name={name} state={state} onChange={onChange} onConvert={onConvert} />
      )}
    </section>
  );
}

/** What a definition begins with stands first, its states last. */
function inOrder(scope: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { Comment, QueryLanguage, StartAt, States, ...rest } = scope;
  return { ...(Comment !== undefined && { Comment }), ...(QueryLanguage !== undefined && { QueryLanguage }), StartAt, States, ...rest };
}

function StateForm({
  scope,
  name,
  state,
  onChange,
  onConvert,
}: {
  readonly scope: Scope;
  readonly name: string;
  readonly state: State;
  readonly onChange: Change;
  readonly onConvert: (state: string) => void;
}) {
  const { text } = useText();
  const follow = useFollow();
  const language = languageOf(scope, state);
  const targets = siblings(scope, name).filter((other) => other !== name || state.Type === 'Choice');
  const write = (next: Readonly<Record<string, unknown>>) => onChange((from) => replace(from, name, flowing(next)), true);
  const add = (field: string): boolean => {
    const by = field === 'Catch' ? addCatch : field === 'Choices' ? addRule : undefined;
    if (by !== undefined) onChange((from) => by(from, name));
    return by !== undefined;
  };
  return (
    <>
      <div className="edhead">
        <Icon name={state.Type} />
        <h2 dir="auto">{name}</h2>
        <span className="quiet">{state.Type}</span>
        <span className="edtools">
          <Button
            variant="icon"
            iconName="angle-up"
            ariaLabel={text.editor.earlier}
            onClick={() => onChange((from) => shift(from, name, -1))}
          />
          <Button
            variant="icon"
            iconName="angle-down"
            ariaLabel={text.editor.later}
            onClick={() => onChange((from) => shift(from, name, 1))}
          />
          <Button
            variant="icon"
            iconName="copy"
            ariaLabel={text.editor.duplicate}
            onClick={() => onChange((from) => duplicate(from, name))}
          />
          <Button
            variant="icon"
            iconName="status-in-progress"
            ariaLabel={text.editor.test}
            href={links.test({
              definition: JSON.stringify(language === 'JSONata' ? { ...state, QueryLanguage: language } : standalone(state), null, 2),
            })}
            onFollow={follow}
          />
          {language === 'JSONPath' && (
            <Button variant="icon" iconName="transcript" ariaLabel={text.build.convertState} onClick={() => onConvert(name)} />
          )}
          <Button variant="icon" iconName="remove" ariaLabel={text.editor.remove} onClick={() => onChange((from) => remove(from, name))} />
        </span>
      </div>
      <Name scope={scope} name={name} onChange={onChange} />
      <Fields specs={fieldsOf(state.Type, language)} value={state} targets={targets} onChange={write} onAdd={add} />
      {state.Type === 'Parallel' && (
        <div className="edrow">
          <span className="quiet">{text.editor.branches(state.Branches?.length ?? 0)}</span>
          <Button iconName="add-plus" onClick={() => onChange((from) => addBranch(from, name))}>
            {text.editor.addBranch}
          </Button>
        </div>
      )}
    </>
  );
}

function Name({ scope, name, onChange }: { readonly scope: Scope; readonly name: string; readonly onChange: Change }) {
  const { text } = useText();
  const [typed, type] = useState(name);
  const isTaken = typed !== name && [...everyState(scope)].some(([other]) => other === typed);
  const commit = () => {
    if (typed !== name && typed !== '' && !isTaken) onChange((from) => rename(from, name, typed));
  };
  return (
    <FormField label={text.editor.stateName} stretch errorText={isTaken ? text.editor.nameTaken : undefined}>
      <Input
        value={typed}
        ariaLabel={text.editor.stateName}
        onChange={(event) => type(event.detail.value)}
        onBlur={commit}
        onKeyDown={(event) => event.detail.key === 'Enter' && commit()}
      />
    </FormField>
  );
}

/** Either `Next` or `End`. */
function flowing(state: Readonly<Record<string, unknown>>): State {
  const { End, ...rest } = state;
  const type = rest.Type as State['Type'];
  const needsEnd = rest.Next === undefined && type !== 'Choice' && !isTerminal(type);
  return (needsEnd ? { ...rest, End: true } : rest) as State;
}
