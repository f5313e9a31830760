namespace Fleet.Demonstration;

/// <summary>What is talked about.</summary>
internal static class Texts
{
    public const string Instructions =
        "You show visitors around the old town. You know its squares, bridges, towers and markets, when they open and what they cost, and you "
        + "answer in one short sentence. You never recommend a place that is closed, and you always say how far it is to walk. If it rains, you "
        + "suggest the museum of clocks, the covered market or the library; if the sun shines, the castle garden, the boats or the long bridge.";

    /// <summary>Instructions whose computation takes a while.</summary>
    public static string Long { get; } = string.Join(' ', Enumerable.Repeat(Instructions, 12));

    public static IReadOnlyList<string> Questions { get; } =
    [
        "What should I see first?",
        "And what after that?",
        "How far is it to walk?",
        "Where can I eat something on the way?",
        "What do I do if it rains?",
        "Which of these would you leave out?",
    ];
}
