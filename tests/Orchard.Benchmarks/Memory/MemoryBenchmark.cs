using System.Text;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
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
    private const double OneChatFactor = 1.05;
    private const double ManyChatsFactor = 0.8;
    private const double QuantizedFactor = 0.55;
    private const double ReturnedFactor = 0.95;

    // As Qwen3-0.6B: 8 KV heads of 128 are as wide as the model.
    private static readonly Shape SixHundredMillion = new(1_024, 28, 151_936);

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("The memory of a process is read as Linux reports it.");
        }

        string path = arguments.Text("model") ?? SyntheticModel.Ensure(SixHundredMillion);
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(path);
        long perToken = model.Model.Header.KeyValueBytesPerToken;

        string one = Text(model, LongChat);
        string[] many = [.. Enumerable.Range(0, ShortChats).Select(_ => Text(model, ShortChat))];
        (ProcessMemory empty, ProcessMemory loaded, ProcessMemory used, ProcessMemory unloaded) = await MeasureAsync(path, [one], new ModelOptions());
        double limit = await ServerAsync(path, 1, [one]) * OneChatFactor ?? new FileInfo(path).Length + (perToken * LongChat) + empty.All;
        reporter.Add(new Result("memory", "one chat of 2,000 tokens", used.All / Megabyte, "MiB", limit / Megabyte, 1));
        reporter.Add(new Result(
            "memory", "returned after unload", (used.Own - unloaded.Own) / Megabyte, "MiB", (used.Own - empty.Own) * ReturnedFactor / Megabyte, 1));
        double half = used.Own - loaded.Own;

        (_, _, used, _) = await MeasureAsync(path, many, new ModelOptions { ParallelSequences = ShortChats });
        limit = await ServerAsync(path, ShortChats, many) * ManyChatsFactor
            ?? new FileInfo(path).Length + (perToken * ShortChat * ShortChats * 2) + empty.All;
        reporter.Add(new Result("memory", "32 chats of 256 tokens", used.All / Megabyte, "MiB", limit / Megabyte, 1));

        var quantized = new ModelOptions { KeyCacheType = CacheType.Q8_0, ValueCacheType = CacheType.Q8_0 };
        (_, loaded, used, _) = await MeasureAsync(path, [one], quantized);
        reporter.Add(new Result(
            "memory", "KV cache in q8_0", (used.Own - loaded.Own) / Megabyte, "MiB", half * QuantizedFactor / Megabyte, 1));
    }

    private static string Text(ModelUnderTest model, int tokens) => Encoding.UTF8.GetString(model.CreatePrompt(tokens));

    private static async Task<(ProcessMemory Empty, ProcessMemory Loaded, ProcessMemory Used, ProcessMemory Unloaded)> MeasureAsync(
        string path, string[] prompts, ModelOptions options)
    {
        using var folder = new TemporaryFolder();
        int processId;
        (ProcessMemory, ProcessMemory, ProcessMemory, ProcessMemory) measured;
        await using (Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = folder.File("root"),
            EnginePath = EngineUnderTest.Executable,
            EngineGraceTime = TimeSpan.FromMilliseconds(100),
            StallTimeout = null,
        }))
        {
            processId = client.CurrentSession!.ProcessId!.Value;

            // The code of the engine and of the library takes memory when it runs for the first time, whatever the model.
            const string Small = "starter";
            await client.ChatAsync(Small, "Hello", new GenerationOptions { MaxOutputTokens = 8, Temperature = 0 });
            await client.Models.UnloadAsync(Small);
            ProcessMemory empty = ProcessMemory.Of(processId);
            await client.Models.EnsureLoadedAsync(path, options);
            ProcessMemory loaded = ProcessMemory.Of(processId);
            var answer = new GenerationOptions { MaxOutputTokens = 1, Temperature = 0, ChatTemplate = "{{ messages[0].content }}" };
            await Task.WhenAll(prompts.Select(prompt => client.ChatAsync(path, prompt, answer)));
            ProcessMemory used = ProcessMemory.Of(processId);
            await client.Models.UnloadAsync(path);
            measured = (empty, loaded, used, ProcessMemory.Of(processId));
        }

        await Processes.WaitForExitAsync(processId);
        return measured;
    }

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
