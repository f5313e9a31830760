using System.Text;

namespace Orchard.Engine.Output;

/// <summary>Reads what follows a mark that may begin calls, by the character. Not thread-safe.</summary>
internal abstract class CallReader
{
    /// <summary>What was read and is no part of a call, nor known to be between two: text, should nothing more come of it.</summary>
    public StringBuilder Unread { get; } = new();

    /// <summary>Whether there was a call; else the mark was text.</summary>
    public bool HasCalls { get; private set; }

    /// <summary>Takes a character in.</summary>
    public abstract CallProgress Read(char character);

    /// <summary>Gives a character to a call.</summary>
    protected CallProgress Read(CallBody body, char character)
    {
        CallProgress progress = body.Read(character);
        if (body.HasBegun)
        {
            HasCalls = true;
            Unread.Clear();
        }
        else if (progress == CallProgress.More)
        {
            Unread.Append(character);
        }

        return progress;
    }

    /// <summary>Takes over what another reader, which does the work, has come to.</summary>
    protected void Follow(CallReader other, string before)
    {
        HasCalls = other.HasCalls;
        Unread.Clear().Append(HasCalls ? "" : before).Append(other.Unread);
    }

    /// <summary>Keeps a character that is no part of a call.</summary>
    protected CallProgress Keep(char character)
    {
        Unread.Append(character);
        return CallProgress.More;
    }
}

/// <summary>One call and the mark that ends it: <c>&lt;tool_call&gt;{…}&lt;/tool_call&gt;</c>.</summary>
/// <param name="bodyOf">Gives the call that begins with a character; null when none does.</param>
/// <param name="end">The mark; empty when there is none. The end of the output will do as well.</param>
internal sealed class TaggedCall(Func<char, CallBody?> bodyOf, string end) : CallReader
{
    private CallBody? _body;
    private bool _isWritten;

    public override CallProgress Read(char character)
    {
        if (_isWritten)
        {
            return ReadEnd(character);
        }

        if (_body is null)
        {
            if (char.IsWhiteSpace(character))
            {
                return Keep(character);
            }

            _body = bodyOf(character);
            if (_body is null)
            {
                return CallProgress.Stop;
            }
        }

        CallProgress progress = Read(_body, character);
        _isWritten = progress == CallProgress.Done;
        return _isWritten && end.Length > 0 ? CallProgress.More : progress;
    }

    private CallProgress ReadEnd(char character)
    {
        string text = $"{Unread}{character}".TrimStart();
        if (!end.StartsWith(text, StringComparison.Ordinal))
        {
            return CallProgress.Stop;
        }

        Unread.Append(character);
        return text.Length == end.Length ? CallProgress.Done : CallProgress.More;
    }
}

/// <summary>Calls one after another, separated by commas or semicolons, in brackets or not: <c>[{…}, {…}]</c>.</summary>
/// <param name="bodyOf">Gives the next call.</param>
/// <param name="hasBrackets">Whether they are in brackets.</param>
internal sealed class ListedCalls(Func<CallBody> bodyOf, bool hasBrackets) : CallReader
{
    private CallBody? _body;
    private bool _isOpen = !hasBrackets;

    public override CallProgress Read(char character)
    {
        if (_body is null)
        {
            switch (character)
            {
                case '[' when !_isOpen:
                    _isOpen = true;
                    return Keep(character);
                case ']' when _isOpen && hasBrackets:
                    return HasCalls ? CallProgress.Done : CallProgress.Stop;
                case ',' or ';' when HasCalls:
                    return Keep(character);
                case '{' when _isOpen:
                    _body = bodyOf();
                    break;
                case var _ when char.IsWhiteSpace(character):
                    return Keep(character);
                default:
                    return CallProgress.Stop;
            }
        }

        CallProgress progress = Read(_body, character);
        if (progress == CallProgress.Done)
        {
            _body = null;
            return CallProgress.More;
        }

        return progress;
    }
}
