/** What the notes of each example say after an installation. */
export const NOTES: Readonly<Record<string, RegExp>> = {
  'minimal-values.yaml': /deploys on chain 11155111\.[^]*Up to 2 pods and 1 deployer key[^]*The operator API is off/,
  'production-values.yaml': /deploys on chain 1\.(?![^]*stand by)(?![^]*operator API is off)/,
  'keda-values.yaml': /takes messages from hokusai:base_ready_queue and deploys on chain 8453\.(?![^]*stand by)/,
  'hpa-values.yaml': /Up to 5 pods and 1 deployer key/,
  'multi-lane-values.yaml': /deploys on chain 1\.(?![^]*stand by)/,
  'network-policy-values.yaml': /deploys on chain 1\./,
  'token-manager-values.yaml': /deploys on chain 1\.[^]*Up to 2 pods and 1 deployer key/,
};
