using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchard.Benchmarks.Remotes;

/// <summary>A server that answers every chat with the same events, those of vLLM, one write for each.</summary>
internal static class RecordedServer
{
    private const string Models = """{"object":"list","data":[{"id":"recorded","object":"model","owned_by":"vllm","max_model_len":131072}]}""";

    private static readonly string[] Words = [" the", " capital", " of", " France", " is", " Paris", ",", " naturally"];

    /// <summary>Serves until the parent ends.</summary>
    public static async Task ServeAsync(int port, int tokens)
    {
        byte[][] events = [.. Words.Select(static word => Event(
            "{\"id\":\"chatcmpl-5b0f1e5c2f4b4d0a9c1e7a1d2b3c4d5e\",\"object\":\"chat.completion.chunk\",\"created\":1764500000,\"model\":\"recorded\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + word + "\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}"))];
        byte[] end =
        [
            .. Event("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"recorded\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"),
            .. Event("{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"recorded\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1,\"total_tokens\":8}}"),
            .. Event("[DONE]"),
        ];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.MapGet("/v1/models", static context => context.Response.WriteAsync(Models));
        app.MapPost("/v1/chat/completions", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (int i = 0; i < tokens; i++)
            {
                await context.Response.BodyWriter.WriteAsync(events[i % events.Length]);
            }

            await context.Response.BodyWriter.WriteAsync(end);
        });
        await app.StartAsync();
        await ChildProcess.ServeAsync();
    }

    private static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");
}
