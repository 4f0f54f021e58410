type AsyncApiPart = Readonly<Record<string, unknown>>;

/** The lists of Redis that the document describes. */
interface Lists {
  readonly queueName: string;
  readonly deployedQueueName: string;
}

/** Of the messages, not of the build: the second number for additions, the first for what breaks readers. */
const VERSION = '1.0.0';

const SCHEMA_FORMAT = 'application/schema+json;version=draft-2020-12';

/** What other systems push to the service's lists of Redis, and what they find there, as AsyncAPI 3. */
export function asyncApiDocument({ queueName, deployedQueueName }: Lists): AsyncApiPart {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Hokusai token deployer',
      version: VERSION,
      description:
        'Messages are elements of Redis lists, one JSON text each. Producers push to the left end; the service pushes to ' +
        'the left end too, so that the oldest element is at the right end. The names of the lists are the defaults of ' +
        'QUEUE_NAME and DEPLOYED_QUEUE_NAME.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { redis: { host: 'localhost:6379', protocol: 'redis', description: 'REDIS_URL of the service' } },
    channels: {
      models: channel(queueName, 'Models that are ready for their token.', [
        'modelReadyToDeploy',
        'signedMessage',
      ]),
      deadLetters: channel(`${queueName}:dlq`, 'Messages that cannot succeed.', ['deadLetter']),
      tokens: channel(deployedQueueName, 'Tokens that were deployed.', [
        'tokenDeployed',
        'tokenDeployedUnregistered',
        'tokenDeployedHokusai',
      ]),
    },
    operations: {
      claimModel: operation('receive', 'models'),
      giveUpModel: operation('send', 'deadLetters'),
      publishToken: operation('send', 'tokens'),
    },
    components: {
      messages: {
        modelReadyToDeploy: message('model-ready-to-deploy', 'A model is ready for its token.'),
        signedMessage: message('signed-message', 'A message with the signature of its producer.'),
        deadLetter: message('dead-letter', 'A message cannot succeed.'),
        tokenDeployed: message('token-deployed', 'A token exists and is registered.'),
        tokenDeployedUnregistered: message(
          'token-deployed-unregistered',
          'A token exists; the registry owner must register it.',
        ),
        tokenDeployedHokusai: message(
          'token-deployed-hokusai',
          "A token exists and is registered, in Hokusai's form (DEPLOYED_EVENT_FORMAT=hokusai).",
        ),
      },
    },
  };
}

function channel(address: string, description: string, messages: readonly string[]): AsyncApiPart {
  const references = new Map(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
  return { address, description, messages: Object.fromEntries(references) };
}

function operation(action: 'receive' | 'send', name: string): AsyncApiPart {
  return { action, channel: { $ref: `#/channels/${name}` } };
}

function message(schema: string, summary: string): AsyncApiPart {
  return { name: schema, summary, payload: { schemaFormat: SCHEMA_FORMAT, schema: { $ref: `./${schema}.json` } } };
}
