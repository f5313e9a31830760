using Orchard.Responses;

namespace Orchard.Tests.Responses;

/// <summary>Events and items in short, to compare whole responses at a glance. Ids are left out: they differ from call to call.</summary>
internal static class Told
{
    public static string[] InShort(this IEnumerable<ResponseEvent> events) => [.. events.Select(InShort)];

    public static string[] InShort(this IEnumerable<ResponseItem> items) => [.. items.Select(InShort)];

    public static string InShort(this Response response) =>
        $"{response.Status} {response.IncompleteReason} {response.Error?.Code} {response.Usage} [{string.Join(" | ", response.Output.InShort())}]";

    private static string InShort(ResponseEvent told) => told switch
    {
        ResponseSnapshotEvent => told.Type,
        OutputItemAddedEvent added => $"{added.OutputIndex} added {InShort(added.Item)}",
        OutputItemDoneEvent done => $"{done.OutputIndex} done {InShort(done.Item)}",
        ContentPartAddedEvent part => $"{part.OutputIndex} part added {part.Part.Kind} '{part.Part.Text}'",
        ContentPartDoneEvent part => $"{part.OutputIndex} part done {part.Part.Kind} '{part.Part.Text}'",
        OutputTextDeltaEvent delta => $"{delta.OutputIndex} text '{delta.Delta}'",
        OutputTextDoneEvent done => $"{done.OutputIndex} text done '{done.Text}'",
        ReasoningTextDeltaEvent delta => $"{delta.OutputIndex} thought '{delta.Delta}'",
        ReasoningTextDoneEvent done => $"{done.OutputIndex} thought done '{done.Text}'",
        FunctionCallArgumentsDeltaEvent delta => $"{delta.OutputIndex} arguments '{delta.Delta}'",
        FunctionCallArgumentsDoneEvent done => $"{done.OutputIndex} arguments done '{done.Arguments}'",
        _ => throw new InvalidOperationException($"No event is like {told}."),
    };

    private static string InShort(ResponseItem item) => item switch
    {
        MessageItem message => $"message '{message.Text}' {message.Status}",
        ReasoningItem reasoning => $"reasoning '{reasoning.Text}' {reasoning.Status}",
        FunctionCallItem call => $"call {call.Name} '{call.Arguments}' {call.Status}{(call.Error is null ? "" : " with an error")}",
        _ => throw new InvalidOperationException($"No item of an output is like {item}."),
    };
}
