using Orchard;
using Orchard.ChatProcess;

// One program among many that use an engine. It says "ready", waits for a line, and does what its arguments ask for:
//   <root>                        chats, and says the engine's process id and the answer
//   <root> forever                says "busy" at its first word and keeps the engine busy until it is killed
//   <root> streams <count>        reads long answers side by side, says "busy" at its first word, and what became of them at the end
//   <root> chaos <rounds> <seed>  ends the engine in the middle of its own calls, round after round
string root = args[0];
Console.WriteLine("ready");
Console.ReadLine();

await using Client client = await Client.ConnectAsync(
    new ClientOptions { EngineRoot = root, EngineGraceTime = TimeSpan.FromSeconds(1), StartTimeout = TimeSpan.FromMinutes(3) });
await (args[1..] switch
{
    [] => Chats.OnceAsync(client),
    ["forever"] => Chats.ForeverAsync(client),
    ["streams", var count] => Chats.StreamAsync(client, int.Parse(count)),
    ["chaos", var rounds, var seed] => new Chaos(client, new Random(int.Parse(seed))).RunAsync(int.Parse(rounds)),
    _ => throw new ArgumentException($"Cannot do '{string.Join(' ', args)}'."),
});
