import type { Scope } from '../asl';

const VERSION = '2010-09-09';

/** A template with one state machine, as JSON, which both take. The role is a parameter. */
export function templateOf(format: 'sam' | 'cloudformation', name: string, type: 'STANDARD' | 'EXPRESS', scope: Scope): string {
  const id = name.replace(/[^A-Za-z0-9]/g, '') || 'StateMachine';
  const isSam = format === 'sam';
  const role = { Ref: 'StateMachineRoleArn' };
  const template = {
    AWSTemplateFormatVersion: VERSION,
    ...(isSam && { Transform: 'AWS::Serverless-2016-10-31' }),
    Parameters: { StateMachineRoleArn: { Type: 'String' } },
    Resources: {
      [id]: isSam
        ? { Type: 'AWS::Serverless::StateMachine', Properties: { Name: name, Type: type, Role: role, Definition: scope } }
        : {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: { StateMachineName: name, StateMachineType: type, RoleArn: role, Definition: scope },
          },
    },
    Outputs: { StateMachineArn: { Value: { Ref: id } } },
  };
  return JSON.stringify(template, null, 2);
}
