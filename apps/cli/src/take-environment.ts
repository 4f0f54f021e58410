import { deleteSecrets, type Environment } from '#config';

/** Returns the environment. No secret stays in `process.env`, which a report or a child process would show. */
export function takeEnvironment(): Environment {
  const environment = { ...process.env };
  deleteSecrets(process.env);
  return environment;
}
