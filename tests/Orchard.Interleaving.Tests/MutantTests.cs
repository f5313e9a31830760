using Orchard.Interleaving.Mutants;
using Orchard.Interleaving.Scenarios;

namespace Orchard.Interleaving;

/// <summary>Defects of the kind that races are made of, each of which the explorer must find.</summary>
[Collection(OneAtATime.Name)]
public sealed class MutantTests
{
    private const int Schedules = 10_000;

    public static TheoryData<Mutant> Mutants { get; } =
    [
        new Mutant(
            "A signal that counts only for those who wait already",
            nameof(CallersCancel),
            "Concurrency/SingleFlight.cs",
            ("            attempt.Succeed(await produce(attempt.Abandoned).ConfigureAwait(false));", "            T value = await produce(attempt.Abandoned).ConfigureAwait(false); Waiter[] early; lock (_gate) { early = [.. attempt.Waiting]; } attempt.Succeed(value); foreach (Waiter waiter in early) { waiter.End(attempt.Outcome); } attempt.End(); return;")),
        new Mutant(
            "Completion asked for twice",
            nameof(CallersCancel),
            "Concurrency/SingleFlight.cs",
            ("            if (_attempt is null || _attempt.Outcome.IsCompleted)", "            if (_attempt is not null && !_attempt.Outcome.IsCompleted) { } else if (_attempt is null || _attempt.Outcome.IsCompleted)"),
            ("if (_attempt?.Outcome is { IsCompletedSuccessfully: true } outcome && isCurrent(Completed(outcome)))\n                {\n                    waiter?.End(outcome);\n                    return outcome;\n                }\n\n                _attempt = started", "_attempt = started")),
        new Mutant(
            "Sessions and models of an engine that is gone count as current",
            nameof(EngineDies),
            "Connection/EngineSession.cs",
            ("public bool IsClosed => _disposing || _transport.Ended.IsCompleted;", "public bool IsClosed => _disposing;")),
        new Mutant(
            "Continuations in place",
            nameof(CallerBlocks),
            "Concurrency/SingleFlight.cs",
            ("TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously)", "TaskCompletionSource<T> _outcome = new()")),
        new Mutant(
            "A lock held over an await",
            nameof(CallersCancel),
            "Concurrency/SingleFlight.cs",
            ("attempt.Succeed(await produce(attempt.Abandoned).ConfigureAwait(false));", "_gate.Enter(); try { attempt.Succeed(await produce(attempt.Abandoned).ConfigureAwait(false)); } finally { _gate.Exit(); }")),
        new Mutant(
            "A request that is over stays in the table",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/IpcTransport.cs",
            ("if (_pending.Remove(request.Id) && !request.IsComplete)", "if (!request.IsComplete)")),
        new Mutant(
            "A request that was not sent stays in the table",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/IpcTransport.cs",
            ("_pending.Remove(frame.RequestId); // not sent", "")),
        new Mutant(
            "A request whose write was finished as its caller left is not cancelled",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/IpcTransport.cs",
            ("                Release(pending);\n            }\n\n            _background", "                _pending.Remove(pending.Id);\n            }\n\n            _background")),
        new Mutant(
            "A reader that looks for deltas only before it waits",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/DeltaQueue.cs",
            ("if (IsOver(out hasDelta) && TryTakeWait())", "if (false)")),
        new Mutant(
            "A reader that looks for deltas first, and then whether there will be more",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/DeltaQueue.cs",
            ("        bool isClosed = Closed.IsCompleted;\n        hasDelta = TryPeek(out _);\n", "        hasDelta = TryPeek(out _);\n        bool isClosed = Closed.IsCompleted;\n")),
        new Mutant(
            "A reader that is woken twice",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/DeltaQueue.cs",
            ("Interlocked.Exchange(ref _isWaiting, 0) == 1;", "Volatile.Read(ref _isWaiting) == 1 && Interlocked.Exchange(ref _isWaiting, 0) <= 1;")),
        new Mutant(
            "A request added to a table that was closed",
            nameof(EngineDies),
            "Connection/Transport/PendingRequests.cs",
            ("            if (_closed is not null)\n            {\n                throw _closed;\n            }\n", "")),
        new Mutant(
            "A load begins before the one it follows has ended",
            nameof(CallersCancel),
            "Concurrency/SingleFlight.cs",
            ("await attempt.Predecessor.ConfigureAwait(false);", "")),
        new Mutant(
            "The load goes on for a caller who left",
            nameof(CallersCancel),
            "Concurrency/SingleFlight.cs",
            ("                abandoned = attempt;\n                _attempt = _attempt == attempt ? null : _attempt;\n", "")),
        new Mutant(
            "An unload that does not look who uses the model",
            nameof(UnloadMeetsUse),
            "Models/UseCount.cs",
            ("if (_users > 0 || _reopened is not null)", "if (_reopened is not null)")),
        new Mutant(
            "Nobody is let in again after an unload",
            nameof(UnloadMeetsUse),
            "Models/UseCount.cs",
            ("reopened?.TrySetResult();", "")),
        new Mutant(
            "The failure of a load given up ends the next one",
            nameof(StaleEvent),
            "Models/EngineModelActivator.cs",
            ("if (!session.Loads.TakeUnsettled(model.CanonicalId))", "")),
        new Mutant(
            "Only the first disposal waits",
            nameof(DisposeMeetsEverything),
            "Connection/EngineConnection.cs",
            ("public ValueTask DisposeAsync() => new(_disposal.Value);", "private int _disposed; public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? new(_disposal.Value) : default;")),
        new Mutant(
            "Disposal leaves an attempt to itself",
            nameof(DisposeMeetsEverything),
            "Connection/EngineConnection.cs",
            ("            limit.Token.ThrowIfCancellationRequested();\n", "")),
        new Mutant(
            "A process is deregistered while another of its clients registers",
            nameof(DisposeMeetsConnect),
            "Connection/EngineLease.cs",
            ("        await _uses.Gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);\n", ""),
            ("        finally\n        {\n            _uses.Gate.Release();\n        }\n", "")),
        new Mutant(
            "A lease counts only once the engine has replied, and others may deregister before",
            nameof(DisposeMeetsConnect),
            "Connection/EngineLease.cs",
            ("        await uses.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);\n", ""),
            ("            uses.Gate.Release();\n", "")),
        new Mutant(
            "Every end of a connection is the death of the engine",
            nameof(ConnectionEnds),
            "Connection/EndInquiry.cs",
            ("process is { Exited.IsCompleted: true } ? null : await AskAsync().ConfigureAwait(false)", "null")),
        new Mutant(
            "A client that does not listen to its new channel",
            nameof(ConnectionEnds),
            "Connection/Transport/IpcTransport.cs",
            ("        _topics = new TopicFilter(ChannelId);\n        return await CommandAsync(", "        return await CommandAsync(")),
        new Mutant(
            "The next call uses the connection that has ended",
            nameof(ConnectionEnds),
            "Connection/EngineSession.cs",
            ("public bool IsClosed => _disposing || _transport.Ended.IsCompleted;", "public bool IsClosed => _disposing;")),
        new Mutant(
            "A session that has ended is not given back before the next one",
            nameof(ClientStops),
            "Connection/EngineConnection.cs",
            ("                await previous.DisposeAsync().ConfigureAwait(false);\n", "")),
        new Mutant(
            "Disposal cuts off cancels that are on their way",
            nameof(RequestsMeetTheEnd),
            "Connection/Transport/IpcTransport.cs",
            ("            await _cancels.WhenAllAsync().ConfigureAwait(false);\n        }\n", "        }\n")),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_IsFound(Mutant mutant)
    {
        string? failure = MutantAssembly.Explore(mutant, firstSeed: 1, Schedules);

        Assert.True(failure is not null, $"{Schedules} schedules of {mutant.Scenario} do not show: {mutant}.");
        Assert.True(failure.Contains("It fails in the same way again", StringComparison.Ordinal), failure);
    }
}
