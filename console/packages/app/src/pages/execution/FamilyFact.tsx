import Link from '@cloudscape-design/components/link';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { nameOf, workflowOf } from '../../parts/arn';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { Fact } from './Facts';

/** The way to the execution that has started this one, and to the last that this one has started. */
export function FamilyFact({ arn, isOver, started }: { readonly arn: string; readonly isOver: boolean; readonly started: number }) {
  const { text } = useText();
  const follow = useFollow();
  const { data } = useQuery({
    queryKey: ['relations', arn, isOver, started],
    queryFn: ({ signal }) => admin('execution', { query: { execution: arn }, signal }),
    placeholderData: (before) => before,
  });
  const parent = data?.parent;
  const child = data?.children.at(-1);
  return (
    <>
      {parent !== undefined && (
        <Fact name={text.see.family.parent}>
          <Link href={links.execution(parent.executionArn, parent.state === undefined ? {} : { state: parent.state })} onFollow={follow}>
            {workflowOf(parent.executionArn)} · {nameOf(parent.executionArn)}
          </Link>
          {parent.state !== undefined && <small> {text.see.family.state(parent.state)}</small>}
        </Fact>
      )}
      {child !== undefined && (
        <Fact name={text.see.family.children}>
          <Link href={links.execution(child.executionArn)} onFollow={follow}>
            {workflowOf(child.executionArn)} · {nameOf(child.executionArn)}
          </Link>
          {(data?.children.length ?? 0) > 1 && <small> ({text.see.family.childrenCount(data?.children.length ?? 0)})</small>}
        </Fact>
      )}
    </>
  );
}
