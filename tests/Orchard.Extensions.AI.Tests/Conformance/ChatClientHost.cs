using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI.Tests.Conformance;

/// <summary>A chat client of an engine with the starter model, or of a scripted one that answers as it would.</summary>
public abstract class ChatClientHost : IAsyncLifetime
{
    /// <summary>A question whose answer is still on its way when its first words arrive.</summary>
    public const string LongQuestion = "Give me a detailed description of a storm.";

    /// <summary>A question for the function <c>get_weather</c>.</summary>
    public const string ToolQuestion = "What is the weather in Paris?";

    /// <summary>A question for a JSON object.</summary>
    public const string RecordQuestion = "Give me a JSON object for Paris.";

    public abstract IChatClient Client { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}
