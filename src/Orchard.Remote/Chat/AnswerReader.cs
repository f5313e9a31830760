using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchard.Remote.Errors;
using Orchard.Remote.Requests;
using Orchard.Remote.Transport;
using Orchard.Remote.Wire;

namespace Orchard.Remote.Chat;

/// <summary>Reads the answers to one conversation from a response. Owns the response. Not thread-safe.</summary>
internal sealed class AnswerReader : IDisposable
{
    private const int MaxWhole = 64 << 20;

    private readonly RemoteResponse _response;
    private readonly AnswerOrigin _origin;
    private readonly IReadOnlyList<string> _ignored;
    private readonly Candidate[] _candidates;
    private readonly EventStream _events = new();
    private readonly Chunk _chunk = new();
    private readonly List<ChatDelta> _deltas = [];
    private Usage? _usage;
    private Exception? _failure; // found after deltas that the caller is to receive first
    private readonly bool _isCuttable;
    private bool _isOver;

    /// <param name="response">The response.</param>
    /// <param name="promptIndex">Index of the conversation in the request.</param>
    /// <param name="options">The options of the conversation.</param>
    /// <param name="body">The request.</param>
    /// <param name="origin">Where the answer is generated.</param>
    public AnswerReader(RemoteResponse response, int promptIndex, GenerationOptions options, ChatBody body, AnswerOrigin origin)
    {
        (_response, _ignored, _origin) = (response, body.Ignored, origin);
        _isCuttable = body.Stops.Count > 0;
        _candidates = new Candidate[options.GeneratedCandidates];
        for (int i = 0; i < _candidates.Length; i++)
        {
            _candidates[i] = new Candidate(promptIndex, i, options, body.Stops);
        }
    }

    /// <summary>What the last read found; valid until the next one.</summary>
    public IReadOnlyList<ChatDelta> Deltas => _deltas;

    /// <summary>Number of characters of the answers so far.</summary>
    public int ReceivedCharacters { get; private set; }

    /// <summary>Reads until there are deltas.</summary>
    /// <returns>False at the end.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync()
    {
        _deltas.Clear();
        if (_failure is { } failure)
        {
            throw failure;
        }

        bool isEnd = false;
        while (!_isOver)
        {
            ReadEvents(isEnd);
            if (_deltas.Count > 0)
            {
                return true;
            }

            if (_isOver)
            {
                break;
            }

            int count = await _response.ReadAsync(Room()).ConfigureAwait(false);
            _events.Advance(count);
            isEnd = count == 0;
        }

        return _deltas.Count > 0;
    }

    /// <summary>Reads up to the first part of the answer.</summary>
    public async Task<AnswerReader> BeginAsync()
    {
        try
        {
            if (IsWhole(_response.MediaType))
            {
                using PooledBuffer body = await _response.ReadAllAsync(MaxWhole, isComplete: true).ConfigureAwait(false);
                ReadEvent(body.Written.Span, isError: false);
                End(isStream: false);
            }
            else
            {
                await ReadAsync().ConfigureAwait(false);
            }

            return this;
        }
        catch
        {
            _events.Dispose();
            throw;
        }
    }

    /// <summary>Returns what the caller receives for a failure after the first part of the answer.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled; carries the caller's token.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public Exception Explain(Exception error)
    {
        Failure failure = _response.Explain(error);
        if (failure.IsOfServer)
        {
            _response.Server.Fail(_response.Begin, failure.Error);
        }

        return failure.Error switch
        {
            EngineConnectionException connection => connection.During(ReceivedCharacters),
            RequestRejectedException { Code: RequestErrorCodes.Internal or RequestErrorCodes.Overloaded } rejected =>
                new RemoteConnectionException(rejected.Message, _response.Scene.Address, rejected).During(ReceivedCharacters),
            Exception other => other,
        };
    }

    /// <summary>Reads what follows the answer, so that the connection can be used again. Does not wait for a server that goes on.</summary>
    public ValueTask DrainAsync() =>
        Array.Exists(_candidates, static candidate => candidate.IsCut) ? ValueTask.CompletedTask : _response.DrainAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Dispose();
        _response.Dispose();
    }

    private static bool IsWhole(string? mediaType) => mediaType is not null
        && (mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("html", StringComparison.OrdinalIgnoreCase));

    private Memory<byte> Room()
    {
        try
        {
            return _events.GetMemory();
        }
        catch (InvalidDataException e)
        {
            throw ErrorMapping.OfGarbage(_response.Scene, e.Message, e);
        }
    }

    private void ReadEvents(bool isEnd)
    {
        try
        {
            while (!_isOver && _events.TryRead())
            {
                ReadEvent(_events.Data, _events.IsError);
            }

            if (isEnd)
            {
                End(isStream: true);
            }
        }
        catch (InvalidDataException e)
        {
            throw ErrorMapping.OfGarbage(_response.Scene, e.Message, e);
        }
        catch (Exception e) when (_deltas.Count > 0)
        {
            _failure = e;
        }
    }

    private void ReadEvent(ReadOnlySpan<byte> data, bool isError)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _isOver = true;
            Finish();
            return;
        }

        if (data.IsEmpty)
        {
            return;
        }

        try
        {
            _chunk.Read(data);
            if (_chunk.Error is { } error)
            {
                throw new FailureException(StreamErrors.Of(error, _response.Scene));
            }

            if (isError)
            {
                throw new FailureException(StreamErrors.Of(JsonElement.Parse(data), _response.Scene));
            }

            ReadChunk();
            if (_isCuttable && Array.TrueForAll(_candidates, static candidate => candidate.IsCut))
            {
                _isOver = true; // the server goes on, until the response is closed
                Finish();
            }
        }
        catch (JsonException e)
        {
            throw ErrorMapping.OfGarbage(_response.Scene, e.Message.TrimEnd('.'), e);
        }
    }

    private void ReadChunk()
    {
        _usage = _chunk.Usage ?? _usage;
        foreach (ChunkChoice choice in _chunk.Choices)
        {
            if ((uint)choice.Index >= (uint)_candidates.Length)
            {
                throw ErrorMapping.OfGarbage(_response.Scene, $"it has a part of candidate {choice.Index} of {_candidates.Length}");
            }

            if (choice.FinishReason is { } reason && FinishReasons.IsAbort(reason))
            {
                throw new FailureException(ErrorMapping.OfConnection(
                    new IOException($"the server gave the answer up with '{ErrorDetails.Clean(reason)}'"), _response.Scene));
            }

            if (_candidates[choice.Index].Read(choice) is { } delta)
            {
                ReceivedCharacters += delta.Text.Length;
                _deltas.Add(delta);
            }
        }
    }

    // The end of the data. Some servers send neither the usage nor the marker of the end.
    private void End(bool isStream)
    {
        if (isStream)
        {
            try
            {
                while (!_isOver && _events.TryReadLast())
                {
                    ReadEvent(_events.Data, _events.IsError);
                }
            }
            catch (ProtocolException e) // the connection ended within an event
            {
                throw new FailureException(ErrorMapping.OfConnection(new IOException("an event has no end", e), _response.Scene));
            }
        }

        if (!_isOver)
        {
            _isOver = true;
            Finish();
        }
    }

    private void Finish()
    {
        if (Array.Exists(_candidates, static candidate => candidate.End is null))
        {
            throw new FailureException(
                ErrorMapping.OfConnection(new IOException("there is no reason for the end of the answer"), _response.Scene));
        }

        Usage[] usages = UsageShares.Of(_usage ?? default, Array.ConvertAll(_candidates, static candidate => candidate.Parts));
        for (int i = 0; i < _candidates.Length; i++)
        {
            _deltas.Add(_candidates[i].Finish(usages[i], _ignored, _origin));
        }
    }
}
