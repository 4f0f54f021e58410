import type { JsonSchema } from '#messages';
import { definitionOf, fieldsOf, type MessageField } from './message-fields.js';

const TYPES: Readonly<Record<string, string>> = {
  string: 'str',
  // The service takes 3.0 for 3.
  integer: 'int | float',
  number: 'float',
  null: 'None',
  map: 'dict[str, str]',
  object: 'ModelReadyToDeployPayload',
};

/** The models of the Python producer. */
export function pydanticModels(schema: JsonSchema): string {
  return `# Written by \`npm run docs:schemas\`. Do not edit.
"""The messages that the service accepts, as pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Message(BaseModel):
    # The service ignores fields that it does not know.
    model_config = ConfigDict(extra="allow", protected_namespaces=())


${classOf('ModelReadyToDeployPayload(_Message)', 'A model that is ready for its token.', definitionOf(schema, 'payload'))}

${classOf('MessageEnvelope(_Message)', 'A message with an envelope.', definitionOf(schema, 'envelope'))}

${classOf('FlatMessage(ModelReadyToDeployPayload)', 'A message without an envelope.', definitionOf(schema, 'flat'))}`;
}

function classOf(declaration: string, comment: string, schema: JsonSchema): string {
  return `class ${declaration}:
    """${comment}"""

${fieldsOf(schema).map(fieldText).join('\n')}
`;
}

function fieldText({ name, description, isRequired, types }: MessageField): string {
  const literals = types.filter((it) => it.startsWith('"'));
  const others = types.filter((it) => !it.startsWith('"')).map((it) => TYPES[it] ?? it);
  const type = [
    ...(name === 'timestamp' ? ['datetime'] : []),
    ...(literals.length > 0 ? [`Literal[${literals.join(', ')}]`] : []),
    ...others,
  ].join(' | ');
  // What is not set is not sent: the service has the defaults.
  const byDefault = isRequired ? '' : 'default=None, ';
  const annotation = isRequired || others.includes('None') ? type : `${type} | None`;
  return `    ${name}: ${annotation} = Field(${byDefault}description=${JSON.stringify(description)})`;
}
