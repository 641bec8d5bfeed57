import Button from '@cloudscape-design/components/button';
import Table from '@cloudscape-design/components/table';
import { aws, type StateMachine } from '@passo/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { nameOf } from '../../parts/arn';
import { Moment } from '../../parts/Elapsed';
import { Empty } from '../../parts/Empty';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';
import { VersionDiff } from './VersionDiff';

/** The published versions of a workflow, and what is different between them. */
export function Versions({ machine }: { readonly machine: StateMachine }) {
  const arn = machine.stateMachineArn;
  const { text } = useText();
  const queries = useQueryClient();
  const versions = useQuery({
    queryKey: ['versions', arn],
    queryFn: ({ signal }) => aws('ListStateMachineVersions', { stateMachineArn: arn, maxResults: 1000 }, signal),
  });
  const publish = async () => {
    try {
      await aws('PublishStateMachineVersion', { stateMachineArn: arn });
      await queries.invalidateQueries({ queryKey: ['versions', arn] });
    } catch (error) {
      notifyError(error);
    }
  };
  const arns = (versions.data?.stateMachineVersions ?? []).map((version) => version.stateMachineVersionArn);
  return (
    <>
      <Table
        items={versions.data?.stateMachineVersions ?? []}
        loading={versions.isPending}
        loadingText={text.common.loading}
        contentDensity="compact"
        empty={<Empty title={text.workflow.noVersions} />}
        footer={<Button onClick={() => void publish()}>{text.workflow.publish}</Button>}
        columnDefinitions={[
          { id: 'version', header: text.common.version, isRowHeader: true, cell: (version) => nameOf(version.stateMachineVersionArn) },
          { id: 'created', header: text.workflows.created, cell: (version) => <Moment at={version.creationDate * 1000} /> },
          { id: 'arn', header: 'ARN', cell: (version) => <code>{version.stateMachineVersionArn}</code> },
        ]}
      />
      {arns.length > 0 && <VersionDiff machine={machine} versions={arns} />}
    </>
  );
}
