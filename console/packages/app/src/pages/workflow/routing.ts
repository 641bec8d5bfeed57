/** An alias as `DescribeStateMachineAlias` answers. */
export interface Alias {
  readonly stateMachineAliasArn: string;
  readonly name: string;
  readonly routingConfiguration: readonly Route[];
}

export interface Route {
  readonly stateMachineVersionArn: string;
  readonly weight: number;
}

/** One version gets all, or two share: the first gets the weight, the second the rest. */
export interface Routing {
  readonly first: string;
  readonly second: string;
  readonly weight: number;
}

export function routingOf(routes: readonly Route[], versions: readonly string[]): Routing {
  const [one, other] = routes;
  return {
    first: one?.stateMachineVersionArn ?? versions[0] ?? '',
    second: other?.stateMachineVersionArn ?? '',
    weight: one?.weight ?? 100,
  };
}

/** What is wrong with a routing: no version, the same one twice, or a share that is none. */
export function isWrong({ first, second, weight }: Routing): boolean {
  if (first === '') return true;
  if (second === '') return false;
  return first === second || !Number.isInteger(weight) || weight < 0 || weight > 100;
}

export function routesOf({ first, second, weight }: Routing): Route[] {
  if (second === '') return [{ stateMachineVersionArn: first, weight: 100 }];
  return [
    { stateMachineVersionArn: first, weight },
    { stateMachineVersionArn: second, weight: 100 - weight },
  ];
}
