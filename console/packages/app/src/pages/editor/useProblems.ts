import { type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import { aws, type Diagnostic, type WorkflowType } from '@passo/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { EditorDocument } from './EditorDocument';
import { type Located, locate } from './locate';

/** Milliseconds of silence after which the server is asked. */
const PAUSE = 350;

export interface Found {
  readonly problem: Diagnostic;
  readonly at: Located | undefined;
}

/** What the server says about the text, and where; the code editor marks it. */
export function useProblems(document: EditorDocument, text: string, type: WorkflowType): { found: readonly Found[]; isChecked: boolean } {
  const settled = useSettled(text);
  const answer = useQuery({
    queryKey: ['validate', settled, type],
    queryFn: ({ signal }) => aws('ValidateStateMachineDefinition', { definition: settled, type }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  });
  const { data } = answer;
  const found = useMemo(
    () =>
      (data?.diagnostics ?? []).map(
        (problem): Found => ({
          problem: { ...problem, message: shortened(problem.message) },
          at: locate(settled, problem.location ?? ''),
        }),
      ),
    [data, settled],
  );
  useEffect(() => {
    const { state } = document.view;
    const end = state.doc.length;
    const marks = found.map(
      ({ problem, at }): Mark => ({
        from: Math.min(at?.from ?? 0, end),
        to: Math.min(at?.to ?? 0, end),
        severity: problem.severity === 'ERROR' ? 'error' : 'warning',
        source: problem.code,
        message: problem.message,
      }),
    );
    document.view.dispatch(setDiagnostics(state, marks));
  }, [document, found]);
  return { found, isChecked: settled === text && !answer.isFetching && data !== undefined };
}

/** What is wrong with JSON is told with all of the text in it: the place is enough. */
function shortened(message: string): string {
  return message.replace(/\s+at \[Source: [\s\S]*; (line: \d+, column: \d+)\]$/, ' ($1)');
}

function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
