using System.Globalization;
using Orchard;

// One program among many that use an engine: says "ready", waits for a line, chats, and says the engine's process id and the answer.
// With "forever" it says "busy" at its first word and keeps the engine busy until it is killed.
string root = args[0];
Console.WriteLine("ready");
Console.ReadLine();

await using Client client = await Client.ConnectAsync(
    new ClientOptions { EngineRoot = root, EngineGraceTime = TimeSpan.FromSeconds(1), StartTimeout = TimeSpan.FromMinutes(3) });
int? engine = client.CurrentSession?.ProcessId;
if (args.Length == 1)
{
    ChatResult answer = await client.ChatAsync("starter", "What is the capital of France?");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine} {answer.Text.ReplaceLineEndings(" ")}"));
    return;
}

IReadOnlyList<Message> question = [Message.User("Give me a detailed description of a forest.")];
await foreach (ChatDelta _ in client.ChatStreamAsync("starter", question))
{
    Console.WriteLine("busy");
    break;
}

await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskForeverAsync()));

async Task AskForeverAsync()
{
    while (true)
    {
        await client.ChatBatchAsync("starter", [.. Enumerable.Repeat(question, 12)]);
    }
}
