using System.Globalization;

namespace Orchard.ChatProcess;

/// <summary>What a peaceful program does with its engine.</summary>
internal static class Chats
{
    public static async Task OnceAsync(Client client)
    {
        int? engine = client.CurrentSession?.ProcessId;
        ChatResult answer = await client.ChatAsync("starter", "What is the capital of France?");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine} {answer.Text.ReplaceLineEndings(" ")}"));
    }

    public static async Task ForeverAsync(Client client)
    {
        IReadOnlyList<Message> question = [Message.User("Give me a detailed description of a forest.")];
        await foreach (ChatDelta _ in client.ChatStreamAsync("starter", question))
        {
            Console.WriteLine("busy");
            break;
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync()));

        async Task AskAsync()
        {
            while (true)
            {
                await client.ChatBatchAsync("starter", [.. Enumerable.Repeat(question, 12)]);
            }
        }
    }
}
