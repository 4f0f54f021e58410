/**
 * Values that the chart refuses, and what its refusal says. Each is an argument of `--set-json` on top of minimal
 * values. Helm 3 and 4 say it in different words.
 */
export const REJECTED_VALUES: readonly { readonly what: string; readonly set: string; readonly says: RegExp }[] = [
  { what: 'a value that does not exist', set: 'replica=3', says: /'?replica'? (is )?not allowed/ },
  { what: 'a variable that does not exist', set: 'config.BATCHSIZE="7"', says: /'?BATCHSIZE'? (is )?not allowed/ },
  { what: 'a secret in the config map', set: 'config.DEPLOYER_PRIVATE_KEY="0x01"', says: /not allowed/ },
  {
    what: 'a plain variable among the secrets',
    set: 'secrets.keys.CHAIN_ID="chain"',
    says: /'?CHAIN_ID'? (is )?not allowed/,
  },
  { what: 'a number as a variable', set: 'config.CHAIN_ID=11155111', says: /want string|Expected: string/ },
  { what: 'a text as a number', set: 'replicas="three"', says: /want integer|Expected: integer/ },
  {
    what: 'a label that the selectors need',
    set: 'podLabels={"app.kubernetes.io/name":"another"}',
    says: /app\.kubernetes\.io\/name/,
  },
  { what: 'a memory that is no quantity', set: 'resources.limits.memory="512 MB"', says: /[Dd]oes not match pattern/ },
  { what: 'KEDA down to nothing', set: 'autoscaling.keda.minReplicas=0', says: /minimum|greater than or equal/ },
  { what: 'a digest of another form', set: 'image.digest="latest"', says: /[Dd]oes not match pattern/ },
  { what: 'a tag in the repository', set: 'image.repository="a.example:5000/b:1"', says: /[Dd]oes not match pattern/ },
  {
    what: 'a digest in the repository',
    set: 'image.repository="a.example/b@sha256:1"',
    says: /[Dd]oes not match pattern/,
  },
  { what: 'a backend that does not exist', set: 'config.TOKEN_BACKEND="manager"', says: /one of/ },
  {
    what: 'a list of tokens in a secret that cannot be',
    set: 'opsApi.tokenList.existingSecret="The list"',
    says: /[Dd]oes not match pattern/,
  },
  {
    what: 'signatures without keys',
    set: 'config.MESSAGE_SIGNATURES="require"',
    says: /messageKeys\.existingSecret/,
  },
  {
    what: 'runbooks below no address',
    set: 'prometheusRule.runbookBaseUrl="docs"',
    says: /[Dd]oes not match pattern/,
  },
  {
    what: 'two kinds of Redis',
    set: 'config.REDIS_SENTINELS="a:1",config.REDIS_CLUSTER_NODES="b:1"',
    says: /must not both be set/,
  },
  { what: 'no secret', set: 'secrets.existingSecret=""', says: /secrets\.existingSecret is required/ },
  { what: 'no chain', set: 'config={"FACTORY_ADDRESS":"0x01"}', says: /CHAIN_ID/ },
  {
    what: 'the other backend without its addresses',
    set: 'config.TOKEN_BACKEND="token-manager"',
    says: /TOKEN_MANAGER_ADDRESS is required/,
  },
  {
    what: 'no deployer key',
    set: 'secrets.keys.DEPLOYER_PRIVATE_KEY=""',
    says: /secrets\.keys\.DEPLOYER_PRIVATE_KEY is required/,
  },
  {
    what: 'two kinds of signers',
    set: 'secrets.keys.DEPLOYER_SIGNERS="signers"',
    says: /DEPLOYER_SIGNERS must not both be set/,
  },
  {
    what: 'no RPC endpoint',
    set: 'secrets.keys.WEB3_PROVIDER_URL=""',
    says: /secrets\.keys\.WEB3_PROVIDER_URL is required/,
  },
  { what: 'no Redis', set: 'secrets.keys.REDIS_URL=""', says: /secrets\.keys\.REDIS_URL is required/ },
  {
    what: 'an autoscaler that has nothing to measure',
    set: 'autoscaling.hpa.enabled=true,resources.requests=null',
    says: /needs resources\.requests\.cpu/,
  },
  { what: 'the operator API without a token', set: 'opsApi.enabled=true', says: /opsApi\.enabled needs a token/ },
  {
    what: 'two autoscalers',
    set: 'autoscaling={"hpa":{"enabled":true},"keda":{"enabled":true,"redis":{"address":"redis:6379"}}}',
    says: /must not both be enabled/,
  },
  { what: 'KEDA without Redis', set: 'autoscaling.keda.enabled=true', says: /redis\.address is required/ },
  {
    what: 'an autoscaler upside down',
    set: 'autoscaling.hpa={"enabled":true,"minReplicas":9}',
    says: /minReplicas must not be greater/,
  },
  {
    what: 'sentinels that the network policy cuts off',
    set: 'networkPolicy.enabled=true,config.REDIS_SENTINELS="a:6379, b:26379"',
    says: /networkPolicy\.redis\.ports lacks the port of b:26379/,
  },
  {
    what: 'nodes of a cluster that the network policy cuts off',
    set: 'networkPolicy.enabled=true,config.REDIS_CLUSTER_NODES="[::1]:7000"',
    says: /networkPolicy\.redis\.ports lacks the port of \[::1\]:7000/,
  },
  {
    what: 'a service monitor whose scraper the network policy excludes',
    set: 'networkPolicy.enabled=true,serviceMonitor.enabled=true',
    says: /serviceMonitor\.enabled needs networkPolicy\.ingressFrom/,
  },
  {
    what: 'an external secret that lacks a key',
    set: 'externalSecret={"enabled":true,"secretStoreRef":{"name":"vault"},"data":{"REDIS_URL":{"key":"a"}}}',
    says: /externalSecret\.data\.(DEPLOYER_PRIVATE_KEY|WEB3_PROVIDER_URL) is required/,
  },
  {
    what: 'an external secret without a store',
    set: 'externalSecret.enabled=true',
    says: /externalSecret\.secretStoreRef\.name is required/,
  },
  {
    what: 'an ingress without the operator API',
    set: 'ingress={"enabled":true,"hosts":["a.example.com"]}',
    says: /need opsApi\.enabled/,
  },
  { what: 'an ingress without hosts', set: 'ingress.enabled=true', says: /ingress\.hosts is required/ },
  { what: 'a route without gateways', set: 'httpRoute.enabled=true', says: /httpRoute\.parentRefs is required/ },
  {
    what: 'two monitors',
    set: 'serviceMonitor.enabled=true,podMonitor.enabled=true',
    says: /must not both be enabled/,
  },
  {
    what: 'a threshold for an alert that has none',
    set: 'prometheusRule={"enabled":true,"thresholds":{"TokenDeployerDown":3}}',
    says: /TokenDeployerDown: the expression of this alert does not end with a number/,
  },
  {
    what: 'an alert that does not exist',
    set: 'prometheusRule={"enabled":true,"disabled":["TokenDeployerGone"]}',
    says: /there is no alert TokenDeployerGone/,
  },
  { what: 'a probe with a field that it has not', set: 'probes.liveness.path="/"', says: /'?path'? (is )?not allowed/ },
  { what: 'a grace period that is too short', set: 'terminationGracePeriodSeconds=30', says: /must be greater than/ },
];
