using Fleet.Gateways;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Fleet.Demonstration;

/// <summary>
/// Measures how many prompt tokens three servers find in their KV caches, with and without affinity, beside one server that answers
/// everything; then ends one of them in the middle of calls.
/// </summary>
internal static class Comparison
{
    private const string FreePort = "http://127.0.0.1:0";

    public static async Task<int> RunAsync(int conversations, int turns)
    {
        List<MemberProcess> members = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(static _ => MemberProcess.StartAsync()))];
        try
        {
            string[] addresses = [.. members.Select(static member => member.Address)];
            Console.WriteLine($"{conversations} conversations of {turns} turns");
            Console.WriteLine($"{"",-24}{"prompt tokens",16}{"cached",10}{"share of one server",22}");
            int one = await ConverseAsync("one server", addresses[..1], ConversationAffinity.PolicyName, conversations, turns);
            await ConverseAsync("three, with affinity", addresses, ConversationAffinity.PolicyName, conversations, turns, one);
            await ConverseAsync("three, without", addresses, LoadBalancingPolicies.RoundRobin, conversations, turns, one);
            await KillAsync(members, calls: 3 * conversations);
            return 0;
        }
        finally
        {
            members.ForEach(static member => member.Dispose());
        }
    }

    // Returns how many tokens were cached.
    private static async Task<int> ConverseAsync(
        string name, IEnumerable<string> members, string loadBalancingPolicy, int conversations, int turns, int? one = null)
    {
        await using WebApplication gateway = Gateway.Create(FreePort, members, loadBalancingPolicy);
        await gateway.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Urls.First()) };

        // Its name at the beginning keeps a conversation apart from those that were measured before.
        List<Turn>[] all =
        [
            .. Enumerable.Range(0, conversations).Select(index => new List<Turn> { new("system", $"Guide of {name} {index}. {Texts.Instructions}") }),
        ];
        (int prompt, int cached) = (0, 0);
        for (int turn = 0; turn < turns; turn++)
        {
            foreach (List<Turn> conversation in all)
            {
                conversation.Add(new Turn("user", Texts.Questions[turn % Texts.Questions.Count]));
                Call call = await Call.SendAsync(http, conversation, maxTokens: 24);
                conversation.Add(new Turn("assistant", call.Text));
                prompt += call.PromptTokens;
                cached += call.CachedTokens;
            }
        }

        Console.WriteLine($"{name,-24}{prompt,16}{cached,10}{(one is null ? "" : $"{(double)cached / one:0.00}"),22}");
        return cached;
    }

    private static async Task KillAsync(List<MemberProcess> members, int calls)
    {
        await using WebApplication gateway = Gateway.Create(
            FreePort, members.Select(static member => member.Address), ConversationAffinity.PolicyName);
        await gateway.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Urls.First()) };
        Task<Call>[] running =
        [
            .. Enumerable.Range(0, calls).Select(index => Call.SendAsync(
                http, [new("system", $"Guide of killed {index}. {Texts.Long}"), new("user", Texts.Questions[0])], maxTokens: 24)),
        ];

        IReadOnlyList<DestinationState> destinations = DestinationsOf(gateway);
        while (destinations.Sum(static member => member.ConcurrentRequestCount) < calls && !running.Any(static call => call.IsCompleted))
        {
            await Task.Delay(1);
        }

        DestinationState victim = destinations.MaxBy(static member => member.ConcurrentRequestCount)!;
        members.Single(member => new Uri(member.Address) == new Uri(victim.Model.Config.Address)).Kill();
        Call[] ended = await Task.WhenAll(running);

        Console.WriteLine();
        Console.WriteLine($"{victim.DestinationId} was killed during {calls} calls:");
        Console.WriteLine($"{ended.Count(static call => call.IsWhole),6} were answered, {ended.Count(IsMoved)} of them by another member");
        Console.WriteLine($"{ended.Count(static call => !call.IsWhole && call.Text != ""),6} were cut off after their first token");
        Console.WriteLine($"{ended.Count(static call => !call.IsWhole && call.Text == ""),6} that had no token were lost");

        static bool IsMoved(Call call) => call is { IsWhole: true, Attempts: > 1 };
    }

    private static IReadOnlyList<DestinationState> DestinationsOf(WebApplication gateway) =>
        gateway.Services.GetRequiredService<IProxyStateLookup>().GetClusters().Single().DestinationsState.AllDestinations;
}
