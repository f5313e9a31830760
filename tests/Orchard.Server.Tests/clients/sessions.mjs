import { aiSdk } from "./ai-sdk.mjs";
import { anthropic } from "./anthropic.mjs";
import { ollama } from "./ollama.mjs";
import { openai } from "./openai.mjs";

export const sessions = { "ai-sdk": aiSdk, anthropic, ollama, openai };
