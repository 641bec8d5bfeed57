// A server that runs all examples, with work of every outcome: examples/tests/showroom.py.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { binary } from './server.mjs';

const script = new URL('../../examples/tests/showroom.py', import.meta.url).pathname;

/** Opens it: its address, and the ARNs of executions worth looking at. Python needs boto3 and aiosmtpd. */
export async function openShowroom() {
  const child = spawn(process.env.PYTHON ?? 'python3', [script, '--passo', binary], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), gone.then(() => undefined)]);
  if (!line) throw new Error('the showroom has not opened');
  const { url, ...arns } = JSON.parse(line[0]);
  const close = async () => {
    child.stdin.end();
    await gone;
  };
  return { url, arns, close };
}
