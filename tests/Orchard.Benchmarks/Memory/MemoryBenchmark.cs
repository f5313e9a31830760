using System.Globalization;
using System.Text;
using Orchard.Benchmarks.Models;
using Orchard.TestModels;

namespace Orchard.Benchmarks.Memory;

/// <summary>
/// Resident memory of the engine with a model of 0.6 billion parameters: beside llama-server if there is one, and otherwise beside the
/// sum of the model file and the KV cache of the tokens.
/// </summary>
internal static class MemoryBenchmark
{
    private const double Megabyte = 1 << 20;
    private const int LongChat = 2_000;
    private const int ShortChat = 256;
    private const int ShortChats = 32;
    private const int SlotTokens = 4_096;
    private const int Rounds = 3;
    private const double OneChatFactor = 1.05;
    private const double ManyChatsFactor = 0.8;
    private const double QuantizedFactor = 0.55;
    private const double KeptFactor = 0.05;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("The memory of a process is read as Linux reports it.");
        }

        string path = arguments.Text("model") ?? SyntheticModel.Ensure(Shape.SixHundredMillion);
        string[] cases = (arguments.Text("cases") ?? "one,many,types,return").Split(',');
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(path);
        foreach (string name in cases)
        {
            await (name switch
            {
                "one" => OneChatAsync(model, reporter),
                "many" => ManyChatsAsync(model, reporter),
                "types" => CacheTypesAsync(model, reporter),
                "return" => ReturnAsync(model, reporter),
                _ => throw new BenchmarkException($"There is no case '{name}'."),
            });
        }
    }

    private static async Task OneChatAsync(ModelUnderTest model, Reporter reporter)
    {
        string[] prompts = [Text(model, LongChat)];
        await using var engine = await MeasuredEngine.StartAsync();
        ProcessMemory empty = engine.Memory;
        await engine.ChatAsync(model.Path, prompts, new ModelOptions { ContextLength = SlotTokens });
        double limit = await ServerAsync(model.Path, 1, prompts) * OneChatFactor
            ?? new FileInfo(model.Path).Length + CacheBytes(model, LongChat) + empty.All;
        reporter.Add(new Result("memory", "one chat of 2,000 tokens", engine.Memory.All / Megabyte, "MiB", limit / Megabyte, 1));
    }

    private static async Task ManyChatsAsync(ModelUnderTest model, Reporter reporter)
    {
        string[] prompts = [.. Enumerable.Range(0, ShortChats).Select(_ => Text(model, ShortChat))];
        await using var engine = await MeasuredEngine.StartAsync();
        ProcessMemory empty = engine.Memory;
        await engine.ChatAsync(model.Path, prompts, new ModelOptions { ContextLength = SlotTokens, ParallelSequences = ShortChats });
        double limit = await ServerAsync(model.Path, ShortChats, prompts) * ManyChatsFactor
            ?? new FileInfo(model.Path).Length + CacheBytes(model, ShortChat * ShortChats * 2) + empty.All;
        reporter.Add(new Result("memory", "32 chats of 256 tokens", engine.Memory.All / Megabyte, "MiB", limit / Megabyte, 1));
    }

    /// <summary>What a second chat takes: the buffers that do not depend on the number of tokens are there since the first.</summary>
    private static async Task CacheTypesAsync(ModelUnderTest model, Reporter reporter)
    {
        string[] first = [Text(model, LongChat)];
        string[] second = [Text(model, LongChat)];
        double precise = await TakeAsync(CacheType.F16);
        double quantized = await TakeAsync(CacheType.Q8_0);
        reporter.Add(new Result(
            "memory", "KV cache in q8_0", quantized / Megabyte, "MiB", precise * QuantizedFactor / Megabyte, 1));

        async Task<double> TakeAsync(CacheType type)
        {
            await using var engine = await MeasuredEngine.StartAsync();
            var options = new ModelOptions { ContextLength = SlotTokens, KeyCacheType = type, ValueCacheType = type };
            await engine.ChatAsync(model.Path, first, options);
            long before = engine.Memory.Own;
            await engine.ChatAsync(model.Path, second, options);
            return engine.Memory.Own - before;
        }
    }

    /// <summary>What of a model's memory is left after it has left, and whether more is left each time.</summary>
    private static async Task ReturnAsync(ModelUnderTest model, Reporter reporter)
    {
        string[] prompts = [Text(model, ShortChat)];
        await using var engine = await MeasuredEngine.StartAsync();
        ProcessMemory empty = engine.Memory;
        for (int round = 1; round <= Rounds; round++)
        {
            await engine.ChatAsync(model.Path, prompts, new ModelOptions { ContextLength = SlotTokens });
            ProcessMemory taken = engine.Memory - empty;
            await engine.UnloadAsync(model.Path);
            ProcessMemory left = engine.Memory - empty;
            string unload = string.Create(CultureInfo.InvariantCulture, $"left after unload {round}");
            reporter.Add(new Result("memory", unload, left.All / Megabyte, "MiB", taken.All * KeptFactor / Megabyte, 1));
            reporter.Add(new Result("memory", unload + ", without files", left.Own / Megabyte, "MiB", taken.Own * KeptFactor / Megabyte, 1));
        }
    }

    private static string Text(ModelUnderTest model, int tokens) => Encoding.UTF8.GetString(model.CreatePrompt(tokens));

    private static double CacheBytes(ModelUnderTest model, long tokens) => model.Model.Header.KeyValueBytesPerToken * tokens;

    private static async Task<double?> ServerAsync(string path, int slots, string[] prompts)
    {
        if (LlamaServer.Executable is null)
        {
            Reporter.Note("ORCHARD_LLAMA_SERVER names no llama-server: the limit is what the file and the tokens take.");
            return null;
        }

        await using LlamaServer server = await LlamaServer.StartAsync(path, slots, SlotTokens);
        await Task.WhenAll(prompts.Select(server.CompleteAsync));
        return ProcessMemory.Of(server.ProcessId).All;
    }
}
