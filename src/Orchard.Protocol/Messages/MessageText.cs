namespace Orchard.Protocol.Messages;

/// <summary>
/// The visible text of one sequence, joined from its deltas by the rules the siblings converged on (wire specification 4.4): spans of
/// message items win over <c>content</c>, except where <c>content</c> continues them; reasoning never leaks in.
/// </summary>
internal sealed class MessageText
{
    /// <summary>Takes one delta and returns the text it adds to the message, possibly empty.</summary>
    public string Append(ResponseDelta delta) => throw new NotImplementedException();
}
