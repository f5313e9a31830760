using Orchard.Models;

namespace Orchard.Interleaving.Scenarios;

/// <summary>Callers of a whole client, with simulated engines at the other end.</summary>
internal abstract class ClientScenario : Scenario
{
    /// <summary>A file that exists; nobody reads it.</summary>
    protected static string Model { get; } = Environment.ProcessPath!;

    protected static ClientOptions Options(Schedule schedule, bool replay = true) =>
        new() { TimeProvider = schedule.Time, StallTimeout = null, ReplayUnansweredCalls = replay };

    protected static Task<Client> ConnectAsync(SimulatedEngines engines, ClientOptions options) =>
        Client.ConnectAsync(engines, new ModelResolver(AppContext.BaseDirectory), options, CancellationToken.None);

    /// <summary>Asks, and accepts the right answer only.</summary>
    protected static async Task AskAsync(Client client, int question, CancellationToken cancellationToken = default)
    {
        ChatResult result = await client.ChatAsync(Model, $"What is ?{question}?", cancellationToken: cancellationToken);
        Verify(result.Text == $"you said {question}", $"The answer to {question} is '{result.Text}'.");
    }
}
