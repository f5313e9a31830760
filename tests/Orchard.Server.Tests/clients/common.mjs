export const question = "What is the capital of France?";

export const city = {
  type: "object",
  properties: { city: { type: "string", maxLength: 20 } },
  required: ["city"],
  additionalProperties: false,
};

export const weatherQuestion = "What is the weather in Paris?";

export const citiesQuestion = "What is the weather in Paris and in Rome?";

/** A picture of one pixel. */
export const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Reads a stream, and leaves it after some parts. */
export async function leave(stream, parts = 3) {
  for await (const _ of stream) {
    if (--parts === 0) {
      break;
    }
  }
}
