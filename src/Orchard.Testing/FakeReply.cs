using Orchard.Protocol.Messages;
using Orchard.Testing.Wire;

namespace Orchard.Testing;

/// <summary>
/// What the engine does in response to one prompt, step by step. Immutable: each method returns a new reply with one more step. A reply
/// that ends with none of <see cref="Finish"/>, <see cref="Fail"/>, <see cref="Refuse"/>, <see cref="Stall"/>, <see cref="Crash"/> and
/// <see cref="CrashMidMessage"/> finishes with <see cref="FinishReason.Stop"/>.
/// </summary>
public sealed class FakeReply
{
    private readonly Step[] _steps;

    /// <summary>Creates a reply without steps.</summary>
    public FakeReply()
        : this([])
    {
    }

    private FakeReply(Step[] steps) => _steps = steps;

    internal delegate Task Step(ReplyWriter writer, CancellationToken cancellationToken);

    /// <summary>Creates a reply that sends a text word by word, one token each.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The reply.</returns>
    public static FakeReply Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reply = new FakeReply();
        int start = 0;
        while (start < text.Length)
        {
            int space = text.IndexOf(' ', start + 1);
            int end = space < 0 ? text.Length : space;
            reply = reply.Say(text[start..end]);
            start = end;
        }

        return reply;
    }

    /// <summary>Sends a part of the text as one token.</summary>
    /// <param name="text">The part.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Say(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(writer => writer.Say(text));
    }

    /// <summary>Reports the progress of the prefill. Must come before the first token.</summary>
    /// <param name="computedTokens">Number of prompt tokens that are computed.</param>
    /// <param name="promptTokens">Number of prompt tokens.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Prefill(int computedTokens, int promptTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(computedTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(promptTokens, computedTokens);
        return Then(writer => writer.Prefill(computedTokens, promptTokens));
    }

    /// <summary>Sends a part of the reasoning as one token.</summary>
    /// <param name="text">The part.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Reason(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(writer => writer.Reason(text));
    }

    /// <summary>Calls a tool; the arguments are one token.</summary>
    /// <param name="name">Name of the tool.</param>
    /// <param name="arguments">The arguments, a JSON object as text.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Call(string name, string arguments) => Call(name, [arguments]);

    /// <summary>Calls a tool; each part of the arguments is one token.</summary>
    /// <param name="name">Name of the tool.</param>
    /// <param name="arguments">The parts of a JSON object as text.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Call(string name, IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(arguments);
        string[] parts = [.. arguments];
        return Then(writer => writer.Call(name, parts));
    }

    /// <summary>Begins a tool call that is never completed.</summary>
    /// <param name="name">Name of the tool.</param>
    /// <param name="arguments">The beginning of the arguments.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply BeginCall(string name, string arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(arguments);
        return Then(writer => writer.BeginCall(name, arguments));
    }

    /// <summary>Generates a part of the text, but does not send its delta.</summary>
    /// <param name="text">The part.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Drop(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(writer => writer.Drop(text));
    }

    /// <summary>Sends the last delta once more, unchanged, even if it was the final one.</summary>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Repeat() => Then(writer => writer.Repeat());

    /// <summary>Waits until the test opens a gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Wait(EngineGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return Then((_, cancellationToken) => gate.PassAsync(cancellationToken));
    }

    /// <summary>Waits for a period of the engine's clock.</summary>
    /// <param name="delay">The period.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Wait(TimeSpan delay) => Then((writer, cancellationToken) => writer.WaitAsync(delay, cancellationToken));

    /// <summary>Sends a malformed delta to the client that made the request.</summary>
    /// <returns>A reply with this step added.</returns>
    public FakeReply SendMalformedDelta() => Then(writer => writer.SendMalformedDelta());

    /// <summary>Sends a malformed event to all clients.</summary>
    /// <returns>A reply with this step added.</returns>
    public FakeReply SendMalformedEvent() => Then(writer => writer.SendMalformedEvent());

    /// <summary>Ends the answer.</summary>
    /// <param name="reason">The finish reason (default: <see cref="FinishReason.Stop"/>).</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Finish(FinishReason reason = FinishReason.Stop) => Then(writer => writer.Finish(reason));

    /// <summary>Ends the answer with an error.</summary>
    /// <param name="message">The engine's error message.</param>
    /// <param name="code">
    /// Error code: one of <see cref="RequestErrorCodes"/>, or <c>context_length_exceeded</c>, <c>unsupported_schema</c> or
    /// <c>shutting_down</c>, which the client turns into other exceptions (default: null, no code).
    /// </param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Fail(string message, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Then(writer => writer.Fail(message, code));
    }

    /// <summary>Ends the answer with the error that an image or sound cannot be used.</summary>
    /// <param name="message">The engine's error message.</param>
    /// <param name="mediaIndex">Zero-based index of the image or sound among all of the conversation.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply FailMedia(string message, int mediaIndex)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfNegative(mediaIndex);
        return Then(writer => writer.Fail(message, ErrorCode.InvalidMedia, mediaIndex));
    }

    /// <summary>Ends the whole request, with every conversation of a batch, with an error.</summary>
    /// <param name="message">The engine's error message.</param>
    /// <param name="code">The error code, as for <see cref="Fail"/> (default: null).</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Refuse(string message, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Then(writer => writer.Refuse(message, code));
    }

    /// <summary>Sends nothing more until the request is cancelled.</summary>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Stall() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Crashes the engine: all its connections close at once, and messages sent just before may be lost. If they matter, let the test read
    /// them first and then open a gate.
    /// </summary>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Crash() => Then(static writer => writer.Crash(midMessage: false)).Stall();

    /// <summary>Crashes the engine in the middle of a message.</summary>
    /// <returns>A reply with this step added.</returns>
    public FakeReply CrashMidMessage() => Then(static writer => writer.Crash(midMessage: true)).Stall();

    /// <summary>Runs code of the test, for what no other step does.</summary>
    /// <param name="action">The code. An exception ends the answer with an error.</param>
    /// <returns>A reply with this step added.</returns>
    public FakeReply Do(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Then(_ => action());
    }

    internal async Task PlayAsync(ReplyWriter writer, CancellationToken cancellationToken)
    {
        foreach (Step step in _steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await step(writer, cancellationToken).ConfigureAwait(false);
        }
    }

    private FakeReply Then(Action<ReplyWriter> step) => Then((writer, _) =>
    {
        step(writer);
        return Task.CompletedTask;
    });

    private FakeReply Then(Step step) => new([.. _steps, step]);
}
