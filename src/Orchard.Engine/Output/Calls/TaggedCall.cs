namespace Orchard.Engine.Output.Calls;

/// <summary>One call and its end tag: <c>&lt;tool_call&gt;{…}&lt;/tool_call&gt;</c>.</summary>
/// <param name="bodyOf">Creates the parser of a call that starts with a character; returns null if no call can.</param>
/// <param name="end">The end tag; empty if there is none. The end of the output ends the call too.</param>
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
