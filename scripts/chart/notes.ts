/** What the notes of each example say after an installation. */
export const NOTES: Readonly<Record<string, RegExp>> = {
  'minimal-values.yaml':
    /deploys tokens on chain 11155111\.[^]*`lanes` is 1 and the maximum is 2 pods[^]*The operator API is disabled/,
  'production-values.yaml': /deploys tokens on chain 1\.(?![^]*standbys)(?![^]*operator API is disabled)/,
  'keda-values.yaml':
    /claims messages from hokusai:base_ready_queue and deploys tokens on chain 8453\.(?![^]*standbys)/,
  'hpa-values.yaml': /`lanes` is 1 and the maximum is 5 pods/,
  'multi-lane-values.yaml': /deploys tokens on chain 1\.(?![^]*standbys)/,
  'network-policy-values.yaml': /deploys tokens on chain 1\./,
  'customized-values.yaml': /deploys tokens on chain 11155111\.(?![^]*standbys)(?![^]*operator API is disabled)/,
  'token-manager-values.yaml': /deploys tokens on chain 1\.[^]*`lanes` is 1 and the maximum is 2 pods/,
};
