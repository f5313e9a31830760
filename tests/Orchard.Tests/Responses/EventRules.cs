using Orchard.Responses;

namespace Orchard.Tests.Responses;

/// <summary>What has to hold for the events of any response, read from the events alone.</summary>
internal static class EventRules
{
    /// <summary>The first rule that is broken; null when none is.</summary>
    public static string? FindProblem(IReadOnlyList<ResponseEvent> events)
    {
        if (!events.Select(told => told.SequenceNumber).SequenceEqual(Enumerable.Range(0, events.Count)))
        {
            return "the sequence numbers do not count";
        }

        if (events is not [ResponseCreatedEvent, ResponseInProgressEvent, .., ResponseCompletedEvent or ResponseIncompleteEvent or ResponseFailedEvent])
        {
            return "it does not begin with created and in progress, or does not end";
        }

        if (events.OfType<ResponseSnapshotEvent>().Count() != 3 || events.OfType<ResponseSnapshotEvent>().Select(told => told.Response.Id).Distinct().Count() != 1)
        {
            return "there are not three snapshots of one response";
        }

        IGrouping<int, ResponseItemEvent>[] items = [.. events.OfType<ResponseItemEvent>().GroupBy(told => told.OutputIndex)];
        IReadOnlyList<ResponseItem> output = ((ResponseSnapshotEvent)events[^1]).Response.Output;
        if (!items.Select(item => item.Key).SequenceEqual(Enumerable.Range(0, output.Count)))
        {
            return "the items are not added in the order of the output, or are not those of the output";
        }

        return items.Select(item => FindProblem([.. item], output[item.Key], events)).FirstOrDefault(problem => problem is not null);
    }

    private static string? FindProblem(ResponseItemEvent[] item, ResponseItem whole, IReadOnlyList<ResponseEvent> events)
    {
        if (item.Any(told => told.ItemId != whole.Id))
        {
            return $"events of item {item[0].OutputIndex} have other ids than {whole.Id}";
        }

        string? problem = item switch
        {
            [OutputItemAddedEvent, ContentPartAddedEvent, .., OutputTextDoneEvent text, ContentPartDoneEvent part, OutputItemDoneEvent done] =>
                FindProblem(item[2..^3].Select(told => (told as OutputTextDeltaEvent)?.Delta), [text.Text, part.Part.Text, (done.Item as MessageItem)?.Text, (whole as MessageItem)?.Text]),
            [OutputItemAddedEvent, ContentPartAddedEvent, .., ReasoningTextDoneEvent text, ContentPartDoneEvent part, OutputItemDoneEvent done] =>
                FindProblem(item[2..^3].Select(told => (told as ReasoningTextDeltaEvent)?.Delta), [text.Text, part.Part.Text, (done.Item as ReasoningItem)?.Text, (whole as ReasoningItem)?.Text]),
            [OutputItemAddedEvent, .., FunctionCallArgumentsDoneEvent text, OutputItemDoneEvent done] => FindProblem(
                item[1..^2].Select(told => (told as FunctionCallArgumentsDeltaEvent)?.Delta),
                [text.Arguments, (done.Item as FunctionCallItem)?.Arguments, (whole as FunctionCallItem)?.Arguments]),
            _ => "its events are not added, parts and deltas, done",
        };
        if (problem is not null)
        {
            return $"item {item[0].OutputIndex}: {problem}";
        }

        // Calls may overlap; while a message or a thought is open nothing begins.
        bool overlaps = whole is not FunctionCallItem
            && events.OfType<OutputItemAddedEvent>().Any(added => added.SequenceNumber > item[0].SequenceNumber && added.SequenceNumber < item[^1].SequenceNumber);
        return overlaps ? $"something was added while item {item[0].OutputIndex} was open" : null;
    }

    private static string? FindProblem(IEnumerable<string?> deltas, string?[] wholes)
    {
        string?[] pieces = [.. deltas];
        return pieces.Any(string.IsNullOrEmpty) ? "an event between is no delta of it, or an empty one"
            : wholes.Any(whole => whole != string.Concat(pieces)) ? "the deltas do not make up the whole"
            : null;
    }
}
