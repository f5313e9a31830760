using Orchard.Testing.Wire;

namespace Orchard.Testing;

/// <summary>
/// What the engine does about one prompt, step by step. Each method returns a longer script; the instance stays as it is. A script
/// that ends with none of <see cref="Finish"/>, <see cref="Fail"/>, <see cref="Refuse"/>, <see cref="Stall"/>, <see cref="Crash"/> and
/// <see cref="Tear"/> finishes in good order.
/// </summary>
public sealed class FakeReply
{
    private readonly Step[] _steps;

    /// <summary>An answer without text, to add steps to.</summary>
    public FakeReply()
        : this([])
    {
    }

    private FakeReply(Step[] steps) => _steps = steps;

    internal delegate Task Step(ReplyWriter writer, CancellationToken cancellationToken);

    /// <summary>An answer that arrives word by word, one token each.</summary>
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

    /// <summary>Sends a piece of text, one token.</summary>
    public FakeReply Say(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(writer => writer.Say(text));
    }

    /// <summary>Sends a piece of thinking, one token.</summary>
    public FakeReply Think(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(writer => writer.Think(text));
    }

    /// <summary>Calls a tool, its arguments in one piece.</summary>
    /// <param name="name">Which tool.</param>
    /// <param name="arguments">Its arguments, a JSON object as text.</param>
    public FakeReply Call(string name, string arguments) => Call(name, [arguments]);

    /// <summary>Calls a tool, its arguments piece by piece, one token each.</summary>
    /// <param name="name">Which tool.</param>
    /// <param name="arguments">The pieces of a JSON object as text.</param>
    public FakeReply Call(string name, IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(arguments);
        string[] pieces = [.. arguments];
        return Then(writer => writer.Call(name, pieces));
    }

    /// <summary>Begins a call of a tool that never comes to its end.</summary>
    /// <param name="name">Which tool.</param>
    /// <param name="arguments">The beginning of its arguments.</param>
    public FakeReply BeginCall(string name, string arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(arguments);
        return Then(writer => writer.BeginCall(name, arguments));
    }

    /// <summary>Generates a piece of text whose delta gets lost on the way.</summary>
    public FakeReply Lose(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(writer => writer.Lose(text));
    }

    /// <summary>Sends the last delta once more, to the byte; also a final one.</summary>
    public FakeReply Repeat() => Then(writer => writer.Repeat());

    /// <summary>Waits until the test opens the gate.</summary>
    public FakeReply Wait(EngineGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return Then((_, cancellationToken) => gate.PassAsync(cancellationToken));
    }

    /// <summary>Waits for a time of the engine's clock.</summary>
    public FakeReply Wait(TimeSpan delay) => Then((writer, cancellationToken) => writer.WaitAsync(delay, cancellationToken));

    /// <summary>Sends this client a delta that cannot be read.</summary>
    public FakeReply SendMalformedDelta() => Then(writer => writer.SendMalformedDelta());

    /// <summary>Sends all clients an event that cannot be read.</summary>
    public FakeReply SendMalformedEvent() => Then(writer => writer.SendMalformedEvent());

    /// <summary>Ends the answer.</summary>
    /// <param name="reason">Why the model stopped.</param>
    public FakeReply Finish(FinishReason reason = FinishReason.Stop) => Then(writer => writer.Finish(reason));

    /// <summary>Ends the answer with an error.</summary>
    /// <param name="message">Why, in the engine's words.</param>
    /// <param name="code">
    /// Error code: one of <see cref="RequestErrorCodes"/>, or <c>context_length_exceeded</c>, <c>unsupported_schema</c> or
    /// <c>shutting_down</c>, which the client turns into other exceptions (default: null, no code).
    /// </param>
    public FakeReply Fail(string message, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Then(writer => writer.Fail(message, code));
    }

    /// <summary>Ends the whole request, every conversation of a batch, with an error.</summary>
    /// <param name="message">Why, in the engine's words.</param>
    /// <param name="code">What kind, as for <see cref="Fail"/>.</param>
    public FakeReply Refuse(string message, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Then(writer => writer.Refuse(message, code));
    }

    /// <summary>Goes silent: nothing more until the request is cancelled.</summary>
    public FakeReply Stall() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>
    /// The engine dies: all its connections close at once. What it sent just before may die with it; where that matters, let the test
    /// read it first and then open a gate.
    /// </summary>
    public FakeReply Crash() => Then(static writer => writer.Crash()).Stall();

    /// <summary>The engine dies inside a message.</summary>
    public FakeReply Tear() => Then(static writer => writer.Tear()).Stall();

    /// <summary>Runs code of the test, for what no other step does.</summary>
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
