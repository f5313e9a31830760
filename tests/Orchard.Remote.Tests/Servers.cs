using System.Text.Json;

namespace Orchard.Remote.Tests;

/// <summary>Scripted servers, and clients of them.</summary>
internal static class Servers
{
    /// <summary>The model of the servers.</summary>
    public const string Model = "cluster/qwen3";

    /// <summary>The list of models of a vLLM server.</summary>
    public const string VllmModels =
        """{"object":"list","data":[{"id":"qwen3","object":"model","owned_by":"vllm","max_model_len":4096},{"id":"other","object":"model"}]}""";

    /// <summary>Returns a vLLM server that answers chats as a test says.</summary>
    public static WireServer Vllm(Func<WireRequest, WireReply> chat) => new(request => request.Path switch
    {
        "/v1/models" => WireReply.Json(VllmModels),
        "/v1/chat/completions" => chat(request),
        _ => WireReply.Json("""{"detail":"Not Found"}""", 404),
    });

    /// <summary>Returns a client of a server.</summary>
    public static Client ClientOf(WireServer server, Action<RemoteEndpoint>? configure = null, Action<ClientOptions>? options = null) =>
        ClientOf(server.Address, configure, options);

    /// <summary>Returns a client of a server.</summary>
    public static Client ClientOf(Uri address, Action<RemoteEndpoint>? configure = null, Action<ClientOptions>? options = null)
    {
        ClientOptions all = new ClientOptions { StartEngine = false }.AddRemote("cluster", address, configure);
        options?.Invoke(all);
        return Client.Create(all);
    }

    /// <summary>Returns an event with a part of an answer.</summary>
    public static string Event(object delta, string? finish = null, int index = 0) =>
        $"data: {JsonSerializer.Serialize(new { id = "c", choices = new[] { new { index, delta, finish_reason = finish } } })}\n\n";

    /// <summary>Returns an event with text.</summary>
    public static string Text(string text, int index = 0) => Event(new { content = text }, index: index);

    /// <summary>Returns the end of an answer.</summary>
    public static string End(string reason = "stop", int prompt = 7, int completion = 2) =>
        Event(new { }, reason)
        + "data: " + JsonSerializer.Serialize(new
        {
            choices = Array.Empty<object>(),
            usage = new { prompt_tokens = prompt, completion_tokens = completion, prompt_tokens_details = new { cached_tokens = 3 } },
        })
        + "\n\ndata: [DONE]\n\n";

    /// <summary>Returns a complete answer.</summary>
    public static string Answer(params string[] parts) => Event(new { role = "assistant", content = "" }) + string.Concat(parts.Select(part => Text(part))) + End();
}
