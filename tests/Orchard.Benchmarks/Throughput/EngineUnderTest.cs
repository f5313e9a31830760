using System.Diagnostics;
using Orchard.Benchmarks.Models;
using Orchard.Connection;
using Orchard.Connection.Transport;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Sampling;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Benchmarks.Throughput;

/// <summary>The engine in a process and a namespace of its own, with one model, asked through the client's connection.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly Client _client;
    private readonly ModelUnderTest _model;
    private readonly ModelInfo _info;

    private EngineUnderTest(TemporaryFolder? folder, Client client, ModelUnderTest model, ModelInfo info)
    {
        _folder = folder;
        _client = client;
        _model = model;
        _info = info;
    }

    /// <summary>The built engine, beside this program.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "orchard-engine.exe" : "orchard-engine");

    public int ProcessId => Session.ProcessId ?? throw new BenchmarkException("The engine does not say which process it is.");

    public Client Client => _client;

    private EngineSession Session => _client.CurrentSession ?? throw new BenchmarkException("The engine is gone.");

    /// <param name="model">The model it loads.</param>
    /// <param name="speculates">Whether it may guess tokens.</param>
    /// <param name="options">How it loads the model.</param>
    /// <param name="root">Its folder, which stays; null for one of its own.</param>
    public static async Task<EngineUnderTest> StartAsync(
        ModelUnderTest model, bool speculates = true, ModelOptions? options = null, string? root = null)
    {
        Environment.SetEnvironmentVariable(DecoderOverrides.SpeculationVariable, speculates ? null : "0"); // inherited by the engine
        TemporaryFolder? folder = root is null ? new TemporaryFolder() : null;
        Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = root ?? folder!.File("root"),
            EnginePath = Executable,
            EngineGraceTime = TimeSpan.FromMilliseconds(100),
        });
        return new EngineUnderTest(folder, client, model, await client.Models.EnsureLoadedAsync(model.Path, options ?? new ModelOptions()));
    }

    /// <summary>Has the engine go on with a prompt, greedily, for a set number of tokens.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tokens">How many tokens.</param>
    /// <param name="image">An image file before the prompt; null for none.</param>
    /// <param name="onDelta">Told how many tokens each delta brings: several when the text of the first was held back.</param>
    public async Task<StreamTimes> StreamAsync(byte[] prompt, int tokens, Action<int>? onDelta = null, byte[]? image = null)
    {
        EngineSession session = Session;
        var frame = new WireRequest
        {
            RequestId = session.NextRequestId(),
            ModelId = _info.Id,
            ModelPath = _info.Path,
            ResponseChannelId = session.ChannelId,
            Prompts =
            [
                new WirePrompt
                {
                    Text = prompt,
                    Images = image is null ? [] : [image],
                    Layout = image is null
                        ? null
                        : [new(LayoutSegmentType.Image, image.Length), new(LayoutSegmentType.Text, prompt.Length)],
                    MaxGeneratedTokens = tokens,
                    Temperature = 0,
                    LogitBias = [.. _model.EndTokens.Select(static token => new TokenBias(token, -100))],
                },
            ],
        };

        long started = Stopwatch.GetTimestamp();
        long first = 0;
        ResponseDelta? last = null;
        PendingRequest request = await session.SendAsync(frame, CancellationToken.None);
        try
        {
            while (await request.WaitToReadAsync(CancellationToken.None))
            {
                while (request.TryRead(out ResponseDelta? delta))
                {
                    first = first == 0 ? Stopwatch.GetTimestamp() : first;
                    onDelta?.Invoke((delta.GenerationLength - last?.GenerationLength) ?? 1);
                    last = delta;
                }
            }
        }
        finally
        {
            session.Release(request);
        }

        BenchmarkException.ThrowUnless(
            last?.GenerationLength == tokens, $"Asked for {tokens} tokens, the engine generated {last?.GenerationLength} ({last?.FinishReason} {last?.Extras?.ErrorMessage}).");
        return new StreamTimes(
            Stopwatch.GetElapsedTime(started, first).TotalMilliseconds,
            Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            last!.PromptTokenCount ?? 0,
            last.CachedTokenCount ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        int processId = ProcessId;
        await _client.DisposeAsync();
        await Processes.WaitForExitAsync(processId);
        _folder?.Dispose();
    }
}
