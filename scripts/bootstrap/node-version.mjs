const FLOOR = { major: 20, minor: 19 };

/** Throws one clear sentence when this Node is too old to run the project. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor)) return;
  throw new Error(`Node ${FLOOR.major}.${FLOOR.minor} or newer is needed, and this is Node ${version}.`);
}
