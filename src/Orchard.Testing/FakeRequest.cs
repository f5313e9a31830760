using Orchard.Protocol.Messages.Requests;

namespace Orchard.Testing;

/// <summary>One request as it reached the engine: a chat, or several in one batch. Thread-safe.</summary>
public sealed class FakeRequest
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FakeRequest(WireRequest frame)
    {
        Frame = frame;
        Prompts = [.. frame.Prompts.Select(prompt => FakePrompt.From(frame, prompt))];
    }

    /// <summary>The model's identity, <see cref="ModelInfo.Id"/>.</summary>
    public string Model => Frame.ModelId;

    /// <summary>The conversations, at least one.</summary>
    public IReadOnlyList<FakePrompt> Prompts { get; }

    /// <summary>Completes when the client has told the engine to stop.</summary>
    public Task Cancelled => _cancelled.Task;

    internal WireRequest Frame { get; }

    internal void Cancel() => _cancelled.TrySetResult();
}
