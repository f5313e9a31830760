using System.Buffers;
using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>
/// Splits a stream of server-sent events into the data of its events, in a buffer of the shared pool. Not thread-safe.
/// </summary>
/// <remarks>
/// More forgiving than the standard, because servers are less strict than it: an event may end without a blank line, and any of the three
/// line ends may be used. Comments, ids and retry times are skipped.
/// </remarks>
internal sealed class EventStream : IDisposable
{
    /// <summary>The most bytes of an event.</summary>
    public const int MaxEventBytes = 8 << 20;

    private const int InitialSize = 8 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _position; // of the first byte that is not split into lines
    private int _end; // of the received bytes
    private int _searched; // of the first byte that may be a line end
    private int _dataFrom; // of the data so far, if it is one line of the buffer
    private int _dataLength = -1; // negative: none
    private byte[]? _joined; // the data so far, if it has several lines
    private bool _skipsLineFeed;
    private bool _isError;

    /// <summary>The data of the event that was found last; valid until the next call.</summary>
    public ReadOnlySpan<byte> Data =>
        _joined is null ? _buffer.AsSpan(_dataFrom, Math.Max(_dataLength, 0)) : _joined.AsSpan(0, _dataLength);

    /// <summary>Whether the event that was found last is named <c>error</c>.</summary>
    public bool IsError { get; private set; }

    private bool HasData => _dataLength >= 0;

    /// <summary>Returns where to write received bytes. Invalidates <see cref="Data"/>.</summary>
    /// <exception cref="InvalidDataException">An event is too long.</exception>
    public Memory<byte> GetMemory()
    {
        if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Adds the bytes that were written.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Finds the next event in what was received.</summary>
    public bool TryRead()
    {
        if (IsTaken)
        {
            (IsTaken, _dataLength) = (false, -1);
            ReturnJoined();
        }

        while (TryReadLine(out int from, out int length))
        {
            ReadOnlySpan<byte> line = _buffer.AsSpan(from, length);
            if (line.Length == 0)
            {
                if (HasData)
                {
                    return Take();
                }

                _isError = false;
            }
            else if (line[0] == (byte)':')
            {
                // a comment, which keeps the connection alive
            }
            else if (line.StartsWith("data:"u8))
            {
                if (HasData && IsComplete(Data))
                {
                    _position = _searched = from; // the event before has no blank line at its end
                    return Take();
                }

                int skipped = line.Length > 5 && line[5] == (byte)' ' ? 6 : 5;
                Add(from + skipped, length - skipped);
            }
            else if (line.StartsWith("event:"u8))
            {
                if (HasData && IsComplete(Data))
                {
                    _position = _searched = from;
                    return Take();
                }

                _isError = line[6..].Trim((byte)' ').SequenceEqual("error"u8);
            }
            else if (line.StartsWith("error:"u8)) // older versions of llama-server
            {
                _isError = true;
                Add(from + 6, length - 6);
            }
        }

        return false;
    }

    /// <summary>Finds the last event, which may have no line end, when there is no more to receive.</summary>
    public bool TryReadLast()
    {
        if (_end > _position)
        {
            GetMemory().Span[0] = (byte)'\n';
            Advance(1);
            if (TryRead())
            {
                return true;
            }
        }
        else if (IsTaken)
        {
            return false;
        }

        return HasData && !IsTaken && Take();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReturnJoined();
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool IsTaken { get; set; }

    private bool Take()
    {
        (IsTaken, IsError, _isError) = (true, _isError, false);
        return true;
    }

    private bool TryReadLine(out int from, out int length)
    {
        if (_skipsLineFeed && _position < _end)
        {
            _skipsLineFeed = false;
            if (_buffer[_position] == (byte)'\n')
            {
                _position++;
                _searched = Math.Max(_searched, _position);
            }
        }

        int found = _buffer.AsSpan(_searched, _end - _searched).IndexOfAny((byte)'\n', (byte)'\r');
        if (found < 0)
        {
            _searched = _end;
            (from, length) = (0, 0);
            return false;
        }

        int lineEnd = _searched + found;
        (from, length) = (_position, lineEnd - _position);
        _skipsLineFeed = _buffer[lineEnd] == (byte)'\r';
        _position = _searched = lineEnd + 1;
        return true;
    }

    private void Add(int from, int length)
    {
        if (!HasData)
        {
            (_dataFrom, _dataLength) = (from, length);
            return;
        }

        // Several lines of one event are joined by line feeds.
        int total = _dataLength + 1 + length;
        if (total > MaxEventBytes)
        {
            throw TooLong();
        }

        byte[] joined = ArrayPool<byte>.Shared.Rent(total);
        Data.CopyTo(joined);
        joined[_dataLength] = (byte)'\n';
        _buffer.AsSpan(from, length).CopyTo(joined.AsSpan(_dataLength + 1));
        ReturnJoined();
        (_joined, _dataLength) = (joined, total);
    }

    private void MakeRoom()
    {
        int kept = HasData && !IsTaken && _joined is null ? Math.Min(_dataFrom, _position) : _position;
        if (kept == 0 && _end == _buffer.Length)
        {
            if (_end >= MaxEventBytes)
            {
                throw TooLong();
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
            return;
        }

        _buffer.AsSpan(kept, _end - kept).CopyTo(_buffer);
        _position -= kept;
        _searched -= kept;
        _end -= kept;
        _dataFrom -= kept;
    }

    private static bool IsComplete(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0 || data[^1] != (byte)'}')
        {
            return data.SequenceEqual("[DONE]"u8);
        }

        try
        {
            var json = new Utf8JsonReader(data);
            return json.Read() && json.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReturnJoined()
    {
        if (_joined is { } joined)
        {
            _joined = null;
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private static InvalidDataException TooLong() => new($"an event has more than {MaxEventBytes >> 20} MiB");
}
