using System.Runtime.InteropServices;
using Orchard.EngineStub;
using Orchard.Testing;

// A client starts this in place of the engine. How it starts is told by ORCHARD_STUB, or by the file `stub` in the namespace; what it
// does once it runs is told by the prompts.
if (Environment.GetEnvironmentVariable("ORCHARD_STUB") == FixtureHost.Command)
{
    await FixtureHost.RunAsync();
    return 0;
}

string root = Environment.GetEnvironmentVariable("ORCHARD_CACHE_ROOT") ?? throw new InvalidOperationException("ORCHARD_CACHE_ROOT names no namespace.");
Console.Error.WriteLine($"stub: process {Environment.ProcessId} in {root}");

var script = new EngineScript().Answer("ok").Answer(PromptCommands.Obey);
switch (StartCommand.Read(root))
{
    case ["answer"]:
        break;
    case ["exit", var code]:
        return Death.ExitCode(code);
    case ["no-sockets"]:
        await Death.OfOldAgeAsync();
        break;
    case ["no-registration"]:
        script.IgnoreRegistrations();
        break;
    case ["refuse", var times]:
        script.RefuseRegistrations(int.Parse(times, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["ignore-sigterm"]:
        _ = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Console.Error.WriteLine("stub: SIGTERM ignored");
        });
        break;
    case var words:
        Console.Error.WriteLine($"stub: unknown command '{string.Join(' ', words)}'");
        return Death.BadCommand;
}

await using FakeEngine engine = FakeEngine.Listen(root, script);
await Task.WhenAny(LastClientAsync(engine), Death.OfOldAgeAsync());
return 0;

static async Task LastClientAsync(FakeEngine engine)
{
    while ((await engine.NextCommandAsync()).Kind != FakeCommandKind.Deregister)
    {
    }
}
