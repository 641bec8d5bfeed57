import { aws } from '@passo/api';
import { TEMPLATES } from '@passo/graph';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Empty } from '../../parts/Empty';
import { pretty } from '../../parts/json';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { Editor } from './Editor';

/** A workflow, to be changed. */
export function EditorPage() {
  const { name } = useParams({ from: '/workflows/$name/edit' });
  const { text } = useText();
  usePage(
    [
      { text: text.workflows.title, href: links.workflows },
      { text: name, href: links.workflow(name) },
      { text: text.editor.title, href: links.edit(name) },
    ],
    true,
  );
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  const arn = machines.data?.stateMachines.find((machine) => machine.name === name)?.stateMachineArn;
  const machine = useQuery({
    queryKey: ['machine', arn],
    queryFn: ({ signal }) => aws('DescribeStateMachine', { stateMachineArn: arn ?? '' }, signal),
    enabled: arn !== undefined,
  });
  if (machines.data !== undefined && arn === undefined) return <Empty title={text.workflow.notFound} hint={name} />;
  if (machine.data === undefined) return <p className="pause">{text.common.loading}</p>;
  return <Editor key={arn} machine={machine.data} text={pretty(machine.data.definition)} />;
}

/** A workflow that is not there yet. */
export function NewPage() {
  const { text } = useText();
  usePage(
    [
      { text: text.workflows.title, href: links.workflows },
      { text: text.editor.newTitle, href: links.create },
    ],
    true,
  );
  const { template } = useSearch({ from: '/new' });
  const begun = TEMPLATES.find((one) => one.id === template) ?? TEMPLATES[0];
  return <Editor text={JSON.stringify(begun?.definition, null, 2)} />;
}
