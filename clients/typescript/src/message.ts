// Written by `npm run docs:schemas`. Do not edit.

/** A model that is ready for its token. */
export interface ModelReadyToDeployPayload {
  /** Must be a string of 1 to 255 bytes without control characters. */
  readonly model_id: string;
  /** Must be a string of 1 to 64 characters and 255 bytes without control characters. */
  readonly token_symbol: string;
  /** Must be a string of 1 to 255 bytes without control characters. */
  readonly metric_name: string;
  /** Must be a number. Must be a finite number that fits a signed 256-bit integer with 18 decimals. */
  readonly baseline_value: number | string;
  /** Must be a number. Must be a finite number that fits a signed 256-bit integer with 18 decimals. */
  readonly current_value: number | string;
  /** Must be a string. Must be a string of 0 to 1024 bytes; otherwise it counts as null, with a warning. */
  readonly model_name: string | null;
  /** Must be a string. Must be a string of 0 to 1024 bytes; otherwise it counts as null, with a warning. */
  readonly model_version: string | null;
  /** Must be a string. Must be a string of 0 to 255 bytes; otherwise it counts as null, with a warning. */
  readonly mlflow_run_id: string | null;
  /** Must be a number. Must be a finite number. */
  readonly improvement_percentage?: number | string | null;
  /** Must be a string. Must be a 20-byte hex address, in one case or with a valid EIP-55 checksum. */
  readonly contributor_address?: string | null;
  /** Must be a string. Must be a 20-byte hex address, in one case or with a valid EIP-55 checksum. */
  readonly model_supplier_recipient?: string | null;
  /** Must be a string; otherwise it counts as null, with a warning. */
  readonly experiment_name?: string | null;
  /** Must be a JSON object whose values are strings; otherwise it counts as null, with a warning. */
  readonly tags?: Readonly<Record<string, string>> | null;
  /** Must be an ISO 8601 date and time, a date, or Unix seconds or milliseconds. */
  readonly timestamp: string | number;
  /** Must be a string. */
  readonly message_version?: string;
}

/** A message with an envelope. */
export interface MessageEnvelope {
  /** Must be a string of 1 to 255 bytes without control characters. */
  readonly message_id: string;
  /** Must be a string. */
  readonly message_type: 'model_ready_to_deploy';
  /** Must be a JSON object. */
  readonly payload: ModelReadyToDeployPayload;
  /** Must be an ISO 8601 date and time, a date, or Unix seconds or milliseconds. */
  readonly timestamp: string | number;
  /** Must be a whole number. */
  readonly retry_count?: number | string;
  /** Must be a whole number. */
  readonly max_retries?: number | string;
}

/** A message without an envelope. */
export interface FlatMessage extends ModelReadyToDeployPayload {
  /** Must be model_ready_to_deploy or null. */
  readonly message_type?: 'model_ready_to_deploy' | null;
}

export const MESSAGE_SCHEMA = {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:hokusai-token-deployer:schema:model-ready-to-deploy",
  "title": "Message of the queue",
  "type": "object",
  "x-maxMessageBytes": 262144,
  "if": {
    "required": [
      "model_id"
    ],
    "not": {
      "required": [
        "payload"
      ]
    }
  },
  "then": {
    "$ref": "#/$defs/flat"
  },
  "else": {
    "$ref": "#/$defs/envelope"
  },
  "$defs": {
    "envelope": {
      "type": "object",
      "properties": {
        "message_id": {
          "description": "Must be a string of 1 to 255 bytes without control characters.",
          "type": "string",
          "minLength": 1,
          "maxLength": 255,
          "x-maxBytes": 255,
          "not": {
            "pattern": "[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u0600-\\u0605\\u061C\\u06DD\\u070F\\u0890-\\u0891\\u08E2\\u115F-\\u1160\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2064\\u2066-\\u206F\\u2800\\u3164\\uD800-\\uDFFF\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\ud804\udcbd\ud804\udccd\ud80d\udc30-\ud80d\udc3f\ud82f\udca0-\ud82f\udca3\ud834\udd73-\ud834\udd7a\udb40\udc01\udb40\udc20-\udb40\udc7f]"
          },
          "pattern": "[^\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]",
          "x-normalForm": "NFC"
        },
        "message_type": {
          "description": "Must be a string.",
          "type": "string",
          "const": "model_ready_to_deploy"
        },
        "payload": {
          "description": "Must be a JSON object.",
          "type": "object",
          "$ref": "#/$defs/payload"
        },
        "timestamp": {
          "description": "Must be an ISO 8601 date and time, a date, or Unix seconds or milliseconds.",
          "anyOf": [
            {
              "type": "string",
              "pattern": "^(?!0000)(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)(?:[Tt _](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?:[Zz]|[+\\-\\u2212](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?$(?!\\n)"
            },
            {
              "type": "number",
              "minimum": -62135596800000,
              "exclusiveMaximum": 253402300800000
            },
            {
              "type": "string",
              "pattern": "^[+-]?(?:[0-9]+(?:\\.[0-9]*(?:[eE][+-]?[0-9]+)?)?|\\.[0-9]+)$(?!\\n)",
              "x-asNumber": {
                "minimum": -62135596800000,
                "exclusiveMaximum": 253402300800000
              }
            }
          ]
        },
        "retry_count": {
          "description": "Must be a whole number.",
          "anyOf": [
            {
              "type": "integer",
              "minimum": -1.7976931348623157e+308,
              "maximum": 1.7976931348623157e+308
            },
            {
              "type": "string",
              "pattern": "^[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*[+-]?[0-9]+(?:_[0-9]+)*(?:\\.0+)?[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*$(?!\\n)",
              "x-asNumber": {
                "minimum": -1.7976931348623157e+308,
                "maximum": 1.7976931348623157e+308
              }
            }
          ],
          "default": 0
        },
        "max_retries": {
          "description": "Must be a whole number.",
          "anyOf": [
            {
              "type": "integer",
              "minimum": -1.7976931348623157e+308,
              "maximum": 1.7976931348623157e+308
            },
            {
              "type": "string",
              "pattern": "^[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*[+-]?[0-9]+(?:_[0-9]+)*(?:\\.0+)?[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*$(?!\\n)",
              "x-asNumber": {
                "minimum": -1.7976931348623157e+308,
                "maximum": 1.7976931348623157e+308
              }
            }
          ],
          "default": 3
        }
      },
      "required": [
        "message_id",
        "message_type",
        "payload",
        "timestamp"
      ]
    },
    "flat": {
      "$ref": "#/$defs/payload",
      "properties": {
        "message_type": {
          "description": "Must be model_ready_to_deploy or null.",
          "enum": [
            "model_ready_to_deploy",
            null
          ]
        }
      }
    },
    "payload": {
      "type": "object",
      "properties": {
        "model_id": {
          "description": "Must be a string of 1 to 255 bytes without control characters.",
          "type": "string",
          "minLength": 1,
          "maxLength": 255,
          "x-maxBytes": 255,
          "not": {
            "pattern": "[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u0600-\\u0605\\u061C\\u06DD\\u070F\\u0890-\\u0891\\u08E2\\u115F-\\u1160\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2064\\u2066-\\u206F\\u2800\\u3164\\uD800-\\uDFFF\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\ud804\udcbd\ud804\udccd\ud80d\udc30-\ud80d\udc3f\ud82f\udca0-\ud82f\udca3\ud834\udd73-\ud834\udd7a\udb40\udc01\udb40\udc20-\udb40\udc7f]"
          },
          "pattern": "[^\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]",
          "x-normalForm": "NFC"
        },
        "token_symbol": {
          "description": "Must be a string of 1 to 64 characters and 255 bytes without control characters.",
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "x-maxBytes": 255,
          "not": {
            "pattern": "[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u0600-\\u0605\\u061C\\u06DD\\u070F\\u0890-\\u0891\\u08E2\\u115F-\\u1160\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2064\\u2066-\\u206F\\u2800\\u3164\\uD800-\\uDFFF\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\ud804\udcbd\ud804\udccd\ud80d\udc30-\ud80d\udc3f\ud82f\udca0-\ud82f\udca3\ud834\udd73-\ud834\udd7a\udb40\udc01\udb40\udc20-\udb40\udc7f]"
          },
          "pattern": "[^\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]",
          "x-normalForm": "NFC"
        },
        "metric_name": {
          "description": "Must be a string of 1 to 255 bytes without control characters.",
          "type": "string",
          "minLength": 1,
          "maxLength": 255,
          "x-maxBytes": 255,
          "not": {
            "pattern": "[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u0600-\\u0605\\u061C\\u06DD\\u070F\\u0890-\\u0891\\u08E2\\u115F-\\u1160\\u180E\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2064\\u2066-\\u206F\\u2800\\u3164\\uD800-\\uDFFF\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\ud804\udcbd\ud804\udccd\ud80d\udc30-\ud80d\udc3f\ud82f\udca0-\ud82f\udca3\ud834\udd73-\ud834\udd7a\udb40\udc01\udb40\udc20-\udb40\udc7f]"
          },
          "pattern": "[^\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]",
          "x-normalForm": "NFC"
        },
        "baseline_value": {
          "description": "Must be a number. Must be a finite number that fits a signed 256-bit integer with 18 decimals.",
          "anyOf": [
            {
              "type": "number",
              "minimum": -5.789604461865809e+58,
              "maximum": 5.789604461865809e+58
            },
            {
              "type": "string",
              "pattern": "^[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*(?:[+-]_?)?(?:[0-9](?:_?[0-9])*(?:_?\\.(?:_?[0-9](?:_?[0-9])*)?)?|\\._?[0-9](?:_?[0-9])*)(?:_?[eE]_?(?:[+-]_?)?[0-9](?:_?[0-9])*)?[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*$(?!\\n)",
              "x-fixedPoint": {
                "decimals": 18,
                "bits": 256
              }
            }
          ]
        },
        "current_value": {
          "description": "Must be a number. Must be a finite number that fits a signed 256-bit integer with 18 decimals.",
          "anyOf": [
            {
              "type": "number",
              "minimum": -5.789604461865809e+58,
              "maximum": 5.789604461865809e+58
            },
            {
              "type": "string",
              "pattern": "^[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*(?:[+-]_?)?(?:[0-9](?:_?[0-9])*(?:_?\\.(?:_?[0-9](?:_?[0-9])*)?)?|\\._?[0-9](?:_?[0-9])*)(?:_?[eE]_?(?:[+-]_?)?[0-9](?:_?[0-9])*)?[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*$(?!\\n)",
              "x-fixedPoint": {
                "decimals": 18,
                "bits": 256
              }
            }
          ]
        },
        "model_name": {
          "description": "Must be a string. Must be a string of 0 to 1024 bytes; otherwise it counts as null, with a warning.",
          "type": [
            "string",
            "null"
          ],
          "x-usedWhen": {
            "type": "string",
            "minLength": 0,
            "maxLength": 1024,
            "x-maxBytes": 1024,
            "not": {
              "pattern": "[\\uD800-\\uDFFF]"
            }
          }
        },
        "model_version": {
          "description": "Must be a string. Must be a string of 0 to 1024 bytes; otherwise it counts as null, with a warning.",
          "type": [
            "string",
            "null"
          ],
          "x-usedWhen": {
            "type": "string",
            "minLength": 0,
            "maxLength": 1024,
            "x-maxBytes": 1024,
            "not": {
              "pattern": "[\\uD800-\\uDFFF]"
            }
          }
        },
        "mlflow_run_id": {
          "description": "Must be a string. Must be a string of 0 to 255 bytes; otherwise it counts as null, with a warning.",
          "type": [
            "string",
            "null"
          ],
          "x-usedWhen": {
            "type": "string",
            "minLength": 0,
            "maxLength": 255,
            "x-maxBytes": 255,
            "not": {
              "pattern": "[\\uD800-\\uDFFF]"
            }
          }
        },
        "improvement_percentage": {
          "description": "Must be a number. Must be a finite number.",
          "anyOf": [
            {
              "type": "number",
              "minimum": -1.7976931348623157e+308,
              "maximum": 1.7976931348623157e+308
            },
            {
              "type": "string",
              "pattern": "^[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*(?:[+-]_?)?(?:[0-9](?:_?[0-9])*(?:_?\\.(?:_?[0-9](?:_?[0-9])*)?)?|\\._?[0-9](?:_?[0-9])*)(?:_?[eE]_?(?:[+-]_?)?[0-9](?:_?[0-9])*)?[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028-\\u2029\\u202F\\u205F\\u3000\\uFEFF]*$(?!\\n)",
              "x-asNumber": {
                "minimum": -1.7976931348623157e+308,
                "maximum": 1.7976931348623157e+308
              }
            },
            {
              "type": "null"
            }
          ]
        },
        "contributor_address": {
          "description": "Must be a string. Must be a 20-byte hex address, in one case or with a valid EIP-55 checksum.",
          "type": [
            "string",
            "null"
          ],
          "pattern": "^(?:(?:0[xX])?[0-9a-fA-F]{40})?$(?!\\n)",
          "x-checksum": "EIP-55"
        },
        "model_supplier_recipient": {
          "description": "Must be a string. Must be a 20-byte hex address, in one case or with a valid EIP-55 checksum.",
          "type": [
            "string",
            "null"
          ],
          "pattern": "^(?:(?:0[xX])?[0-9a-fA-F]{40})?$(?!\\n)",
          "x-checksum": "EIP-55"
        },
        "experiment_name": {
          "description": "Must be a string; otherwise it counts as null, with a warning.",
          "x-usedWhen": {
            "type": "string"
          }
        },
        "tags": {
          "description": "Must be a JSON object whose values are strings; otherwise it counts as null, with a warning.",
          "x-usedWhen": {
            "type": "object",
            "additionalProperties": {
              "type": "string"
            }
          }
        },
        "timestamp": {
          "description": "Must be an ISO 8601 date and time, a date, or Unix seconds or milliseconds.",
          "anyOf": [
            {
              "type": "string",
              "pattern": "^(?!0000)(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)(?:[Tt _](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?:[Zz]|[+\\-\\u2212](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?$(?!\\n)"
            },
            {
              "type": "number",
              "minimum": -62135596800000,
              "exclusiveMaximum": 253402300800000
            },
            {
              "type": "string",
              "pattern": "^[+-]?(?:[0-9]+(?:\\.[0-9]*(?:[eE][+-]?[0-9]+)?)?|\\.[0-9]+)$(?!\\n)",
              "x-asNumber": {
                "minimum": -62135596800000,
                "exclusiveMaximum": 253402300800000
              }
            }
          ]
        },
        "message_version": {
          "description": "Must be a string.",
          "type": "string",
          "default": "1.0",
          "pattern": "^1(?:\\.|$(?!\\n))"
        }
      },
      "required": [
        "model_id",
        "token_symbol",
        "metric_name",
        "baseline_value",
        "current_value",
        "model_name",
        "model_version",
        "mlflow_run_id",
        "timestamp"
      ],
      "x-improvement": {
        "minPercent": 0,
        "lowerIsBetter": [
          "mse",
          "rmse",
          "mae",
          "mape",
          "smape",
          "rmsle",
          "msle",
          "error",
          "errors",
          "loss",
          "logloss",
          "entropy",
          "brier",
          "perplexity",
          "ppl",
          "wer",
          "cer",
          "ter",
          "eer",
          "fid",
          "ece",
          "latency",
          "duration",
          "cost"
        ],
        "negated": [
          "neg",
          "negative"
        ]
      }
    }
  }
};
