import { machineOf } from '../../parts/arn';
import { Command, quoted } from '../../parts/Copy';
import { Empty } from '../../parts/Empty';
import { useText } from '../../text';

/** How execution logs are turned on; where a `group` is given, how that is made. */
export function LogsOff({ arn, group }: { readonly arn: string; readonly group?: string }) {
  const { text } = useText();
  const at = `--endpoint-url ${location.origin}`;
  if (group !== undefined)
    return (
      <Empty title={text.see.logs.noGroup(group)}>
        <Command line={`aws logs create-log-group --log-group-name ${quoted(group)} ${at}`} />
      </Empty>
    );
  const machine = machineOf(arn);
  const [, , , region, account, , name] = machine.split(':');
  const wanted = `/aws/vendedlogs/states/${name}`;
  const configuration = {
    level: 'ALL',
    includeExecutionData: true,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:${region}:${account}:log-group:${wanted}:*` } }],
  };
  return (
    <Empty title={text.see.logs.offTitle} hint={text.see.logs.offHint}>
      <Command line={`aws logs create-log-group --log-group-name ${quoted(wanted)} ${at}`} />
      <Command
        line={`aws stepfunctions update-state-machine --state-machine-arn ${quoted(machine)} --logging-configuration '${JSON.stringify(configuration)}' ${at}`}
      />
    </Empty>
  );
}
