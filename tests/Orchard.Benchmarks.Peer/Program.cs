using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LLama.Native;
using Orchard.Benchmarks.Peer;

// usage: orchard-benchmarks-peer MODEL STREAMS CELLS THREADS
// Reads one request per line from standard input, {"prompts": [...], "tokens": 64} or {"reload": true}, and answers each with one line.
// It ends with its input.
if (args.Length != 4)
{
    Console.Error.WriteLine("usage: orchard-benchmarks-peer MODEL STREAMS CELLS THREADS");
    return 2;
}

var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
NativeLibraryConfig.All.WithLogCallback(static (_, _) => { });
long started = Stopwatch.GetTimestamp();
var executor = PeerExecutor.Load(args[0], Number(args[1]), Number(args[2]), Number(args[3]));
try
{
    Write(new PeerReply(Stopwatch.GetElapsedTime(started).TotalMilliseconds, []));
    while (Console.ReadLine() is { } line)
    {
        PeerRequest request = JsonSerializer.Deserialize<PeerRequest>(line, json)!;
        if (request.Reload)
        {
            executor.Dispose();
            started = Stopwatch.GetTimestamp();
            executor = PeerExecutor.Load(args[0], Number(args[1]), Number(args[2]), Number(args[3]));
            Write(new PeerReply(Stopwatch.GetElapsedTime(started).TotalMilliseconds, []));
        }
        else
        {
            Write(await executor.RunAsync(request.Prompts, request.Tokens));
        }
    }
}
finally
{
    executor.Dispose();
}

return 0;

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

void Write(PeerReply reply) => Console.WriteLine(JsonSerializer.Serialize(reply, json));
