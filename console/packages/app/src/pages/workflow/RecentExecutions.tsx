import Button from '@cloudscape-design/components/button';
import { Problem } from '../../parts/Problem';
import { useFollow } from '../../shell/follow';
import { links } from '../../shell/links';
import { useText } from '../../text';
import { ExecutionTable } from '../executions/ExecutionTable';
import { useExecutions } from '../executions/useExecutions';

/** The newest executions of one workflow. */
export function RecentExecutions({ name }: { readonly name: string }) {
  const { text } = useText();
  const follow = useFollow();
  const found = useExecutions({ workflow: name }, 25);
  if (found.error !== null) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <ExecutionTable
      executions={found.data?.pages[0]?.executions ?? []}
      isLoading={found.isPending}
      isOfOne
      footer={
        <Button variant="inline-link" href={links.executions({ workflow: name })} onFollow={follow}>
          {text.home.allExecutions}
        </Button>
      }
    />
  );
}
