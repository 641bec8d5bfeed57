// The real binary, on a free port, with nothing kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The binary that is tried. */
export const binary = process.env.PASSO_BIN ?? new URL('../../target/debug/passo', import.meta.url).pathname;

/** Starts a server; `stop` ends it. */
export async function startServer(options = ['--ephemeral'], { port = 0, environment = {} } = {}) {
  const child = spawn(binary, ['serve', '--port', String(port), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const listen = (bytes) => {
      said += bytes;
      const found = /listens on (http:\/\/\S+)\s/.exec(said);
      if (found) resolve(found[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', () => reject(new Error(`the server has ended: ${said}`)));
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { url, stop };
}

/** Calls an action of Step Functions, or of another service in AWS JSON. */
export async function call(url, action, parameters, target = 'AWSStepFunctions', version = '1.0') {
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${action}` };
  const response = await fetch(`${url}/`, { method: 'POST', headers, body: JSON.stringify(parameters) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${action}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Waits until `probe` gives something. */
export async function until(probe, what, milliseconds = 15_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
