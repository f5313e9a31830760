namespace Orchard.Engine.Output.Calls;

/// <summary>Calls that are separated by commas or semicolons, with or without brackets: <c>[{…}, {…}]</c>.</summary>
/// <param name="bodyOf">Creates the parser of the next call.</param>
/// <param name="hasBrackets">Whether the list has brackets.</param>
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
