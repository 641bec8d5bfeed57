import Select from '@cloudscape-design/components/select';
import { syntaxTree } from '@codemirror/language';
import type { StateMachine, WorkflowType } from '@passo/api';
import {
  copied,
  everyState,
  insert as insertItem,
  PALETTE,
  type PaletteItem,
  type Place,
  type Port,
  paste,
  type Scope,
  TEMPLATES,
} from '@passo/graph';
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { type ClipboardEvent, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Drawn } from '../../graph/Drawn';
import { usePicture } from '../../graph/usePicture';
import type { EditorSearch } from '../../searches';
import { notify } from '../../shell/notices';
import { useText } from '../../text';
import { Canvas } from './Canvas';
import { Code } from './Code';
import { ConnectMenu } from './ConnectMenu';
import { Convert } from './Convert';
import { EditorDocument } from './EditorDocument';
import { extensions } from './extensions';
import { Form } from './Form';
import { type Change, canvasKey, pageKey } from './keys';
import { stateAround, stateAt } from './locate';
import { named, PaletteList } from './PaletteList';
import { Problems } from './Problems';
import { Toolbar } from './Toolbar';
import { useProblems } from './useProblems';
import { Yaml } from './Yaml';

interface EditorProps {
  /** The workflow that is changed; a new one where there is none. */
  readonly machine?: StateMachine;
  readonly text: string;
}

/** Picture, fields and code of one definition. None of them ever blocks another. */
export function Editor({ machine, text: begun }: EditorProps) {
  const { text } = useText();
  const navigate = useNavigate();
  const search: EditorSearch = useSearch({ strict: false });
  const selected = search.state;
  const select = useCallback(
    (state: string | undefined) => void navigate({ to: '.', search: ((old: EditorSearch) => ({ ...old, state })) as never, replace: true }),
    [navigate],
  );
  const document = useDocument(begun, text.editor.code, select);
  const shown = useSyncExternalStore(document.subscribe, document.snapshot);
  const [saved, setSaved] = useState(machine === undefined ? undefined : begun);
  const [type, setType] = useState<WorkflowType>(machine?.type ?? 'STANDARD');
  const problems = useProblems(document, shown.text, type);
  const drawn = usePicture(shown.scope);
  const { picture } = drawn;
  const isDirty = saved !== undefined && shown.text !== saved;
  useUnsaved(isDirty || (saved === undefined && shown.canUndo));
  const canvas = useRef<HTMLElement>(null);
  const change: Change = useCallback(
    (edit, isTyping) => {
      const next = document.apply(edit, isTyping);
      select(next);
    },
    [document, select],
  );
  const choose = useCallback(
    (state: string | undefined) => {
      select(state);
      const at = state === undefined ? undefined : stateAt(document.snapshot().text, state);
      if (at !== undefined) document.view.dispatch({ selection: { anchor: at.from }, scrollIntoView: true });
    },
    [document, select],
  );
  const put = (item: PaletteItem, place?: Place) => change((scope) => insertAt(scope, named(item, text), place, selected));
  const [saving, ask] = useState<'save' | 'run'>();
  const [drawing, connect] = useState<{ readonly from: string; readonly port: Port }>();
  const [isYaml, setYaml] = useState(false);
  const [converting, convert] = useState<{ readonly state?: string }>();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => pageKey(event, document, () => ask('save'));
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [document]);
  const view = search.view ?? 'split';
  const states = useMemo(() => new Map(shown.scope === undefined ? [] : everyState(shown.scope)), [shown.scope]);
  const state = selected === undefined ? undefined : states.get(selected);
  const faults = useMemo(() => new Set(problems.found.map(({ at }) => at?.state)), [problems.found]);
  return (
    <div className="wb ed">
      <Toolbar
        machine={machine}
        document={document}
        shown={shown}
        type={type}
        onType={setType}
        isDirty={isDirty || saved === undefined}
        hasErrors={problems.found.some(({ problem }) => problem.severity === 'ERROR')}
        asked={saving}
        onAsk={ask}
        onSaved={() => setSaved(document.snapshot().text)}
        onConvert={() => convert({})}
        onYaml={() => setYaml(true)}
        view={view}
        onView={(wanted) => void navigate({ to: '.', search: ((old: EditorSearch) => ({ ...old, view: wanted })) as never, replace: true })}
      />
      {drawing !== undefined && shown.scope !== undefined && (
        <ConnectMenu scope={shown.scope} from={drawing.from} port={drawing.port} onChange={change} onClose={() => connect(undefined)} />
      )}
      {isYaml && <Yaml definition={shown.text} onApply={(definition) => document.write(definition)} onClose={() => setYaml(false)} />}
      {converting !== undefined && (
        <Convert
          definition={shown.text}
          state={converting.state}
          onApply={(definition) => document.write(definition)}
          onClose={() => convert(undefined)}
        />
      )}
      <div className={`edgrid ${view}`}>
        {view !== 'code' && (
          <PaletteList onPut={(item) => put(item)}>
            {machine === undefined && <Templates onChoose={(definition) => document.write(JSON.stringify(definition, null, 2))} />}
          </PaletteList>
        )}
        {view !== 'code' && (
          <section
            ref={canvas}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: keys work here before a state is chosen.
            tabIndex={0}
            className={`gwrap ${shown.isValid ? '' : 'stale'}`}
            aria-label={text.editor.canvas}
            onCopy={(event) => copyState(event, shown.scope, selected)}
            onPaste={(event) => {
              const edited = shown.scope && paste(shown.scope, event.clipboardData.getData('text/plain'), selected);
              if (edited === undefined) notify('info', text.build.editor.noPaste);
              else change(() => edited);
            }}
            onKeyDown={(event) =>
              shown.scope !== undefined &&
              picture !== undefined &&
              canvasKey(event, {
                scope: shown.scope,
                picture,
                selected,
                change,
                choose,
                connect: (from) => connect({ from, port: 'next' }),
                put: (number) => PALETTE[number - 1] && put(PALETTE[number - 1] as PaletteItem),
              })
            }
          >
            {!shown.isValid && <p className="stalenote">{text.editor.stale}</p>}
            {shown.scope !== undefined && (
              <Drawn drawn={drawn}>
                {(current) => (
                  <Canvas
                    picture={current}
                    selected={selected}
                    onSelect={choose}
                    faults={faults}
                    onChange={change}
                    onPut={put}
                    onLoose={(from, port) => connect({ from, port })}
                  />
                )}
              </Drawn>
            )}
          </section>
        )}
        <div className="edside">
          <div className={view === 'graph' ? 'edcode gone' : 'edcode'}>
            <Code document={document} />
            <Problems
              found={problems.found}
              isChecked={problems.isChecked}
              onGo={({ at }) => {
                if (at === undefined) return;
                if (at.state !== undefined) select(at.state);
                document.view.dispatch({ selection: { anchor: at.from, head: at.to }, scrollIntoView: true });
                document.view.focus();
              }}
            />
          </div>
          {view !== 'code' && shown.scope !== undefined && (
            <Form
              key={selected ?? ''}
              scope={shown.scope}
              name={state === undefined ? undefined : selected}
              state={state}
              onChange={change}
              onConvert={(name) => convert({ state: name })}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** Puts the state that is chosen on the clipboard, unless a text is chosen. */
function copyState(event: ClipboardEvent, scope: Scope | undefined, selected: string | undefined): void {
  if (scope === undefined || selected === undefined || getSelection()?.isCollapsed === false) return;
  const state = copied(scope, selected);
  if (state === undefined) return;
  event.clipboardData.setData('text/plain', state);
  event.preventDefault();
}

function insertAt(scope: Scope, item: PaletteItem, place: Place, selected: string | undefined) {
  return insertItem(scope, item, place ?? (selected === undefined ? undefined : { after: selected }));
}

function useDocument(begun: string, label: string, onState: (state: string | undefined) => void): EditorDocument {
  const listener = useRef(onState);
  listener.current = onState;
  const [document] = useState(() => {
    const made: EditorDocument = new EditorDocument(
      begun,
      extensions(
        label,
        () => made.snapshot().scope,
        (position) => {
          const { state } = made.view;
          listener.current(stateAround(state.doc.toString(), syntaxTree(state), position));
        },
      ),
    );
    return made;
  });
  return document;
}

/** Asks before what was changed is lost. */
function useUnsaved(isUnsaved: boolean): void {
  const { text } = useText();
  useBlocker({
    shouldBlockFn: ({ current, next }) => isUnsaved && current.pathname !== next.pathname && !confirm(text.editor.leave),
    enableBeforeUnload: isUnsaved,
  });
}

function Templates({ onChoose }: { readonly onChoose: (definition: object) => void }) {
  const { text } = useText();
  return (
    <div className="edtemplates">
      <h2>{text.editor.templates}</h2>
      <Select
        selectedOption={null}
        placeholder={text.editor.templates}
        ariaLabel={text.editor.templates}
        expandToViewport
        options={TEMPLATES.map(({ id }) => ({ value: id, label: text.editor.template[id] }))}
        onChange={(event) => {
          const chosen = TEMPLATES.find((one) => one.id === event.detail.selectedOption.value);
          if (chosen !== undefined) onChoose(chosen.definition);
        }}
      />
    </div>
  );
}
