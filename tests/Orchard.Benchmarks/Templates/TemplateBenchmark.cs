using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Templates;

/// <summary>
/// Writing the prompt of a conversation of 20 messages with a chat template of 100 lines, as a chat does it, after compilation: time and
/// memory, with the time of Python's jinja2 for the same template and conversation beside it, measured by its own process.
/// </summary>
internal static class TemplateBenchmark
{
    private const string Name = "template";
    private const double MicrosecondsLimit = 100;
    private const double BytesLimit = 64 * 1024;
    private const int Inner = 500;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 31);
        string template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Templates", "typical.jinja"));
        Message[] conversation = Conversation();
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts
        {
            ChatTemplate = template,
            BeginToken = "<s>",
            EndToken = "<|end|>",
            ControlTokens = ["<s>", "<|turn|>", "<|end|>", "<think>", "</think>", "<call>", "</call>"],
        });

        string text = formatter.Render(conversation).Text;
        for (int i = 0; i < 20; i++)
        {
            Measure(formatter, conversation); // until the last tier of compilation
        }

        double[][] measured = [.. Enumerable.Range(0, runs).Select(_ => Measure(formatter, conversation))];
        double ours = Median(measured.Select(run => run[0]));
        reporter.Add(new Result(Name, "template-time", ours, "µs", MicrosecondsLimit, runs));
        reporter.Add(new Result(Name, "template-bytes", Median(measured.Select(run => run[1])), "B", BytesLimit, runs));
        if (await Jinja2Async(template, conversation) is ({ } theirText, double theirs))
        {
            BenchmarkException.ThrowUnless(theirText == text, "jinja2 wrote another prompt.");
            reporter.Add(new Result(Name, "template-vs-jinja2", ours, "µs", theirs, runs));
        }
    }

    private static double[] Measure(ChatFormatter formatter, Message[] conversation)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Inner; i++)
        {
            formatter.Render(conversation);
        }

        return [Stopwatch.GetElapsedTime(start).TotalMicroseconds / Inner, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Inner];
    }

    // Twenty messages, about 3,000 characters.
    private static Message[] Conversation() =>
    [
        Message.System("You are a patient tutor. Answer in a few sentences and show the steps of a calculation."),
        .. Enumerable.Range(1, 9).SelectMany(turn => (Message[])
        [
            Message.User($"Question {turn}: a train leaves at {turn} o'clock and goes {40 + turn} km an hour. How far does it get in {turn} hours and a half?"),
            Message.Assistant($"It goes {40 + turn} km in each hour. In {turn} hours and a half that is {turn}.5 times {40 + turn}, so {(40 + turn) * (turn + 0.5)} km.\nShall we go on?"),
        ]),
        Message.User("Yes. What if it stops for ten minutes on the way?"),
    ];

    private static async Task<(string? Text, double Microseconds)> Jinja2Async(string template, Message[] conversation)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Templates", "jinja2_time.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            var request = new JsonObject
            {
                ["template"] = template,
                ["seconds"] = 2.0,
                ["variables"] = new JsonObject
                {
                    ["messages"] = new JsonArray([.. conversation.Select(message => new JsonObject
                    {
                        ["role"] = message.Role.ToString().ToLowerInvariant(),
                        ["content"] = message.Text,
                    })]),
                    ["add_generation_prompt"] = true,
                    ["tools"] = null,
                    ["documents"] = null,
                    ["bos_token"] = "<s>",
                    ["eos_token"] = "<|end|>",
                },
            };
            await process.StandardInput.WriteAsync(request.ToJsonString());
            process.StandardInput.Close();
            string answer = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            JsonNode? reply = process.ExitCode == 0 ? JsonNode.Parse(answer) : null;
            if (reply is null)
            {
                Reporter.Note($"no time of jinja2: {(await process.StandardError.ReadToEndAsync()).Trim()}");
                return (null, 0);
            }

            Reporter.Note($"jinja2 {(string?)reply["jinja2"]}");
            return ((string?)reply["text"], (double)reply["microseconds"]!);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Reporter.Note($"no time of jinja2: {e.Message}");
            return (null, 0);
        }
    }
}
