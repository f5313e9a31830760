namespace Orchard.Remote;

/// <summary>The kinds of servers. They differ in the options that they support, and in how these are written.</summary>
public enum RemoteKind
{
    /// <summary>Found out with the first call, from what the server says about itself; <see cref="OpenAI"/> if it says nothing.</summary>
    Auto,

    /// <summary>vLLM, and what is built on it: the vLLM production stack, Ray Serve LLM, llm-d, KServe, AIBrix, Dynamo.</summary>
    Vllm,

    /// <summary>SGLang and its gateway.</summary>
    SgLang,

    /// <summary>The server of llama.cpp.</summary>
    LlamaServer,

    /// <summary>Ollama.</summary>
    Ollama,

    /// <summary>LM Studio.</summary>
    LmStudio,

    /// <summary>OpenAI, and servers that support only what OpenAI does.</summary>
    OpenAI,

    /// <summary>Orchard.Server.</summary>
    Orchard,
}
